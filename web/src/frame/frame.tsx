import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { person, session } from "../application.ts";
import { Menu } from "../components/menu.tsx";
import { hrefOf, path } from "../routing/location.ts";
import { leave } from "../session/beginning.ts";
import { sections } from "./sections.ts";
import { theme, type Theme } from "./theme.ts";

/** Head and foot of every page, and the way round them for the keyboard. */
export function Frame({ children }: { readonly children: ComponentChildren }): JSX.Element {
  const inside = session.standing.value === "in" || session.standing.value === "lapsed";
  return (
    <>
      <a
        class="skip"
        href="#conteudo"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById("conteudo")?.focus();
        }}
      >
        Ir para o conteúdo
      </a>
      <OfflineBand />
      <header class="masthead unprinted">
        <div class="inside">
          <a class="brand" href={hrefOf("/")}>
            <img src="/icone.svg" alt="" />
            Aval
          </a>
          {inside && <Sections />}
          {inside ? <PersonMenu /> : <ThemeMenu />}
        </div>
      </header>
      <main id="conteudo" class="content" tabIndex={-1}>
        {children}
      </main>
      <footer class="foot unprinted">
        <div class="row ends">
          <p>
            Plataforma de integração e monitoramento prudencial. Interface para sistemas:{" "}
            <a href="/documentacao">documentação da API</a>.
          </p>
          <a href="#conteudo" onClick={toTop}>
            Voltar ao começo da página
          </a>
        </div>
      </footer>
    </>
  );
}

/** The heading is where every page begins: the way to other pages is just before it. */
function toTop(event: Event): void {
  event.preventDefault();
  (document.querySelector<HTMLElement>("h1[tabindex]") ?? document.getElementById("conteudo"))?.focus();
}

function Sections(): JSX.Element {
  return (
    <nav class="sections" aria-label="Principal">
      {sections.map((section) => (
        <a
          key={section.to}
          href={hrefOf(section.to)}
          aria-current={path.value.startsWith(section.to) ? "page" : undefined}
        >
          {section.text}
        </a>
      ))}
    </nav>
  );
}

function PersonMenu(): JSX.Element {
  return (
    <Menu label={person.value?.nome ?? "Minha conta"} fromEnd>
      <a class="choice-item" href={hrefOf("/conta")}>
        Minha conta
      </a>
      <ThemeChoices />
      <button type="button" class="choice-item" onClick={() => void leave()}>
        Sair
      </button>
    </Menu>
  );
}

function ThemeMenu(): JSX.Element {
  return (
    <Menu label="Aparência" fromEnd>
      <ThemeChoices />
    </Menu>
  );
}

const THEMES: readonly { readonly value: Theme; readonly text: string }[] = [
  { value: "system", text: "Aparência do sistema" },
  { value: "light", text: "Aparência clara" },
  { value: "dark", text: "Aparência escura" },
];

function ThemeChoices(): JSX.Element {
  return (
    <>
      {THEMES.map(({ value, text }) => (
        <button
          key={value}
          type="button"
          class="choice-item"
          aria-pressed={theme.value === value}
          onClick={() => {
            theme.value = value;
          }}
        >
          {theme.value === value ? `✓ ${text}` : text}
        </button>
      ))}
    </>
  );
}

function OfflineBand(): JSX.Element | null {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const look = (): void => setOnline(navigator.onLine);
    addEventListener("online", look);
    addEventListener("offline", look);
    return () => {
      removeEventListener("online", look);
      removeEventListener("offline", look);
    };
  }, []);
  if (online) return null;
  return (
    <div class="offline" role="alert">
      Sem conexão. O que você digitou continua aqui; envie quando a conexão voltar.
    </div>
  );
}
