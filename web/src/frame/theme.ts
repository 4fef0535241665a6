import { signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";

const PLACE = "aval.tema";

export const theme = signal<Theme>(kept());

theme.subscribe((chosen) => {
  const root = document.documentElement;
  if (chosen === "system") {
    delete root.dataset["theme"];
    localStorage.removeItem(PLACE);
  } else {
    root.dataset["theme"] = chosen;
    localStorage.setItem(PLACE, chosen);
  }
});

function kept(): Theme {
  const found = localStorage.getItem(PLACE);
  return found === "light" || found === "dark" ? found : "system";
}
