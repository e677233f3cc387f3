import {mount} from "svelte";
import App from "./App.svelte";
import {setLanguage} from "./app/words.svelte";
import {stored, theme} from "./app/session.svelte";
import "./kith.css";

const language = stored("language");
theme(stored("theme"));
await setLanguage(language === "en" || language === "de" ? language : null);
mount(App, {target: document.getElementById("app")!});
