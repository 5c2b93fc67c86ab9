// Where the app begins.

import "@awesome.me/webawesome/dist/styles/themes/default.css";
import "./style/tokens.css";
import "./style/base.css";
import "./style/frame.css";
import "./style/sale.css";
import "./style/screens.css";
import "./style/print.css";
import "@awesome.me/webawesome/dist/components/button/button.js";
import "@awesome.me/webawesome/dist/components/dialog/dialog.js";
import "@awesome.me/webawesome/dist/components/switch/switch.js";
import { registerIconLibrary } from "@awesome.me/webawesome/dist/components/icon/library.js";
import WaIcon from "@awesome.me/webawesome/dist/components/icon/icon.js";
import { Desk } from "./desk/desk.ts";
import { listenForShortcuts } from "./input/shortcuts.ts";
import { Wedge } from "./input/wedge.ts";
import { watchForUpdates } from "./device/update.ts";
import "./views/shell.ts";
import { listenForPrinting } from "./print/paper.ts";
import { useDesk } from "./views/view.ts";

const SPRITE = `${import.meta.env.BASE_URL}icons.svg`;
// Every icon is a symbol of our own file: nothing is fetched from anywhere else.
registerIconLibrary("default", { resolver: (name) => `${SPRITE}#${name}`, spriteSheet: true });
// What the components draw themselves, which is the cross that closes a dialog.
registerIconLibrary("system", { resolver: () => `${import.meta.env.BASE_URL}xmark.svg` });
void WaIcon;

const desk = new Desk();
useDesk(desk);
document.body.append(document.createElement("till-shell"));

listenForShortcuts(desk, window);
new Wedge((code) => desk.scan(code)).listen(window);
watchForUpdates(desk);
listenForPrinting();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => desk.usePreferences({}));
await desk.start();
