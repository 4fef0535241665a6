import type { JSX } from "preact";

import { person } from "../../application.ts";
import { Page } from "../../components/page.tsx";
import { sections } from "../../frame/sections.ts";
import { hrefOf } from "../../routing/location.ts";
import "./home.css";

export function HomePage(): JSX.Element {
  const who = person.value;
  return (
    <Page title="Início" lead={who?.nome ? `Você entrou como ${who.nome}.` : "Você entrou na plataforma."}>
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
