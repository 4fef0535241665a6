import type { JSX } from "preact";

import type { ContractHistory, Transition } from "../../api/messages.ts";
import { pathWith } from "../../api/query.ts";
import { api } from "../../application.ts";
import { ListShown, useCursorList } from "../../components/cursor-list.tsx";
import { momentText } from "../../format/moments.ts";
import { periodText } from "./periods.ts";
import { ProfileName } from "./profile-name.tsx";
import { WordStatus } from "./word-status.tsx";
import { actText, situationWord } from "./words.ts";

const PAGE_SIZE = 50;

/** What happened to a contract, the newest first. */
export function HistoryPanel({ id, changes }: { readonly id: string; readonly changes: number }): JSX.Element {
  const list = useCursorList<Transition>(
    async (cursor, signal) => {
      const path = pathWith(`/contratos/${id}/historico`, { limite: PAGE_SIZE, cursor });
      const page = await api.json<ContractHistory>(path, { signal });
      return { rows: page.eventos, next: page.proxima };
    },
    [id, changes],
  );
  return (
    <section class="stack" aria-labelledby="historico">
      <h2 id="historico">Linha do tempo</h2>
      <ListShown list={list} one="acontecimento" what="acontecimentos" empty={<p>Nada aconteceu ainda.</p>}>
        {(events) => (
          <ol class="contract-timeline" aria-labelledby="historico">
            {events.map((event, index) => (
              <Event key={`${event.quando} ${index}`} event={event} />
            ))}
          </ol>
        )}
      </ListShown>
    </section>
  );
}

function Event({ event }: { readonly event: Transition }): JSX.Element {
  const { ato, de, para, periodoVigencia } = event;
  return (
    <li>
      <time class="small soft" dateTime={event.quando}>
        {momentText(event.quando)}
      </time>
      <div class="stack tight">
        <p>
          <strong>{actText(ato, para)}</strong>
          {periodoVigencia && <span class="soft">{`, ${periodText(periodoVigencia)}`}</span>}
        </p>
        <div class="row small">
          {isSituation(de) && de !== para && (
            <>
              <WordStatus word={situationWord(de)} />
              <span aria-hidden="true">→</span>
              <span class="unseen">para</span>
            </>
          )}
          {isSituation(para) && <WordStatus word={situationWord(para)} />}
        </div>
        <p class="small soft">
          {event.quem ?? "Sistema ou pessoa da empresa"}, por <ProfileName code={event.perfil} />
        </p>
      </div>
    </li>
  );
}

/** A contract comes from no situation at all. */
function isSituation(name: string): boolean {
  return /^[A-Z_]{3,}$/.test(name);
}
