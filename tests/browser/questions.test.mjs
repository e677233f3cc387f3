// Questions to departments in the console, against a double of the daemon.
import assert from "node:assert/strict";
import {after, before, test} from "node:test";
import {start_double, suggestion} from "./double.mjs";
import {closePage, key, launchBrowser, newPage, signIn, until} from "./support.mjs";

let browser, double, queue;
before(async () => {
  browser = await launchBrowser();
  double = await start_double();
  queue = double.queue;
});
after(async () => {
  await browser?.close();
  await double?.close();
});

test("a department is asked inside the suggestion, and its answer comes back into it", async () => {
  queue.put(suggestion(1));
  const page = await newPage(browser, {allow: ["refused"]});
  await signIn(page, double.base, queue.password);
  const detail = page.locator("#detail");
  const said = call => queue.calls.filter(c => c.call === call);
  await detail.locator(".part-message").waitFor();
  await page.getByRole("button", {name: "Ask a department"}).click();
  assert.equal(await page.getByRole("button", {name: "Approve"}).count(), 0, "nothing is approved by the way");
  await page.getByLabel("The department").fill("billing");
  await page.getByLabel("Your question").fill("is this <b>still</b> so?");
  await page.getByRole("button", {name: "Ask", exact: true}).click();
  const asked = detail.locator(".part-questions");
  await asked.getByText("is this <b>still</b> so?").waitFor();
  await asked.getByText("asked @billing").waitFor();
  await asked.getByText("waits").waitFor();
  assert.deepEqual(said("questions 1")[0].body, {department: "billing", text: "is this <b>still</b> so?"});

  await asked.getByRole("button", {name: "Answer"}).click();
  await page.getByLabel("The answer to operator").fill("Yes, until May.");
  await detail.locator(".part-form").getByRole("button", {name: "Answer"}).click();
  await asked.getByText("Yes, until May.").waitFor();
  assert.equal(await asked.getByText("waits").count(), 0);
  assert.deepEqual(said("answer 70")[0].body, {text: "Yes, until May."});
  queue.ask_again(queue.items.get(1), [{...queue.items.get(1).questions[0], kept_as: "until-may"}]);
  await asked.getByText("kept as until-may").waitFor();
  assert.equal(await detail.getByText("This changed while you were looking at it").count(), 0);
  await key(page, "a");
  await until(() => said("approve 1").length, n => n === 1);
  await closePage(page);
});
