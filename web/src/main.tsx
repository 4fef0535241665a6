import { render } from "preact";

import "./styles/tokens.css";
import "./styles/ground.css";
import "./styles/layout.css";
import "./styles/words.css";
import "./components/sheets.css";
import "./styles/frame.css";

import { App } from "./app.tsx";
import { follow } from "./routing/location.ts";
import { begin } from "./session/beginning.ts";

const place = document.getElementById("aval");
if (place === null) throw new Error("the document has no place for the page");
follow();
render(<App />, place);
void begin();
