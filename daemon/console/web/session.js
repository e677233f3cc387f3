// The door: the first password, signing in.
import {api, Problem} from "./api.js";
import {$} from "./dom.js";

const least = 12;

function setup_token() {
  return new URLSearchParams(location.hash.slice(1)).get("setup") ?? "";
}

function tell(problem) {
  $("door-error").textContent = problem ? [problem.message, problem.detail].filter(Boolean).join(". ") : "";
}

/// Shows the door. Calls `enter(user)` once somebody is signed in.
export function show_door(enter) {
  const token = setup_token();
  tell(null);
  $("door").hidden = false;
  $("desk").hidden = true;
  $("sign-in").hidden = Boolean(token);
  $("set-up").hidden = !token;
  for (const field of document.querySelectorAll("#door input[type=password]")) field.value = "";
  (token ? $("new-password") : $("password")).focus();

  const submit = (form, work) => {
    form.onsubmit = async e => {
      e.preventDefault();
      const button = form.querySelector("button");
      if (button.disabled) return;
      button.disabled = true;
      tell(null);
      try {
        await work();
        enter((await api.session())?.user);
      } catch (problem) {
        tell(problem);
        form.querySelector("input[type=password]").focus();
      } finally {
        button.disabled = false;
      }
    };
  };
  submit($("sign-in"), () => api.sign_in($("password").value));
  submit($("set-up"), async () => {
    const chosen = $("new-password").value;
    if ([...chosen].length < least) throw new Problem(0, `At least ${least} characters, please`);
    if (chosen !== $("new-password-again").value) throw new Problem(0, "The two passwords are not the same");
    await api.set_up(token, chosen);
    history.replaceState(null, "", location.pathname);  // the token is used up
    await api.session().catch(() => api.sign_in(chosen));
  });
}
