import type { JSX } from "preact";

import type { HistoryTold } from "../../../api/messages.ts";
import { Status } from "../../../components/status.tsx";
import { momentText } from "../../../format/moments.ts";
import { stateShown } from "../week/standing.ts";

const ACT: Readonly<Record<string, string>> = {
  PORTFOLIO: "Portfólio entregue",
  CONTRAPARTES: "Contrapartes entregues",
  CALCULO: "Calculado de novo",
  VALIDACAO: "Validado",
  CANCELAMENTO: "Cálculo cancelado",
  ENVIO: "Enviado à CCEE",
  PARAMETROS: "Novos parâmetros da CCEE",
  PUBLICACAO: "Semana encerrada e publicada",
};

const HEADS = ["Quando", "O quê", "Situação depois", "Quem"] as const;

/** Through which states the agent went in the week, the last one first. */
export function HistoryPanel({ history }: { readonly history: readonly HistoryTold[] }): JSX.Element | null {
  if (history.length === 0) return null;
  const newest = [...history].sort((one, other) => Date.parse(other.em) - Date.parse(one.em) || (other.contador ?? 0) - (one.contador ?? 0));
  return (
    <section class="stack tight" aria-labelledby="historico">
      <h2 id="historico">O que aconteceu nesta semana</h2>
      <div class="scroller" tabIndex={0} role="region" aria-label="Histórico do agente na semana">
        <table class="table cards" role="table">
          <thead role="rowgroup">
            <tr role="row">
              {HEADS.map((head) => (
                <th key={head} scope="col" role="columnheader">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {newest.map((one) => (
              <tr key={`${one.em}/${one.contador}/${one.ato}`} role="row">
                <td role="cell" data-title={HEADS[0]} class="nowrap">
                  {momentText(one.em)}
                </td>
                <td role="cell" data-title={HEADS[1]}>
                  {ACT[one.ato] ?? one.ato}
                </td>
                <td role="cell" data-title={HEADS[2]}>
                  <Status tone={stateShown[one.para].tone} hollow={stateShown[one.para].hollow ?? false}>
                    {stateShown[one.para].text}
                  </Status>
                </td>
                <td role="cell" data-title={HEADS[3]}>
                  {one.quem ?? "A plataforma"}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
