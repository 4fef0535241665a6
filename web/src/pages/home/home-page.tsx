import type { JSX } from "preact";

import type { Session } from "../../api/messages.ts";
import { person } from "../../application.ts";
import { Page } from "../../components/page.tsx";
import { sections } from "../../frame/sections.ts";
import { hrefOf } from "../../routing/location.ts";
import "./home.css";

export function HomePage(): JSX.Element {
  return (
    <Page title="Início" lead={leadFor(person.value)}>
      <ul class="doors">
        {sections.map((section) => (
          <li key={section.to}>
            <a class="panel door" href={hrefOf(section.to)}>
              <h2>{section.text}</h2>
              <p class="soft small">{section.purpose}</p>
            </a>
          </li>
        ))}
      </ul>
    </Page>
  );
}

function leadFor(who: Session | null): string {
  if (who === null) return "Carregando o seu acesso…";
  return who.nome ? `Você entrou como ${who.nome}.` : "Você entrou na plataforma.";
}
