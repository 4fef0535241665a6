import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { ProcessingOutcome, RowStatus } from "../../api/messages.ts";
import { Problem } from "../../api/problem.ts";
import { Button, LinkButton } from "../../components/button.tsx";
import { Failure, Notice } from "../../components/notice.tsx";
import { Page } from "../../components/page.tsx";
import { Progress, Waiting } from "../../components/progress.tsx";
import { momentText } from "../../format/moments.ts";
import { countText } from "../../format/numbers.ts";
import type { Parameters } from "../../routing/routes.ts";
import "./contracts.css";
import { ErrorsDownload } from "./errors-download.tsx";
import { useOutcome } from "./outcome.ts";
import { ResultRows } from "./result-rows.tsx";
import { WordStatus } from "./word-status.tsx";
import { isOver, processingWord } from "./words.ts";

const TRAIL = [
  { text: "Contratos", to: "/contratos" },
  { text: "Importações", to: "/contratos/importacoes" },
];

/** One import: how far it is, without reloading, and what came of each row. */
export function OneImportPage({ parameters }: { readonly parameters: Parameters }): JSX.Element {
  const code = parameters["codigo"] ?? "";
  return /^[1-9]\d{0,11}$/.test(code) ? <OneImport code={code} /> : <NoImport code={code} />;
}

function OneImport({ code }: { readonly code: string }): JSX.Element {
  const [status, setStatus] = useState<RowStatus | "">("");
  const { following, failure, retry, more } = useOutcome(code, status);
  const { head } = following;
  if (failure instanceof Problem && failure.status === 404) return <NoImport code={code} />;
  return (
    <Page title={`Importação ${code}`} trail={TRAIL}>
      {failure !== null && <Failure error={failure} onRetry={retry} />}
      {head === null ? (
        failure === null && <Waiting>Carregando a importação…</Waiting>
      ) : (
        <div class="stack loose">
          <Head head={head} code={code} onErrors={() => setStatus("ERRO")} />
          <ResultRows following={following} head={head} onStatus={setStatus} onMore={more} />
        </div>
      )}
    </Page>
  );
}

interface HeadProps {
  readonly head: ProcessingOutcome;
  readonly code: string;
  readonly onErrors: () => void;
}

function Head({ head, code, onErrors }: HeadProps): JSX.Element {
  const { situacao, totalLinhas, linhasFeitas, linhasComErro, recebidoEm } = head;
  return (
    <section class="panel stack" aria-label="Andamento">
      <div class="row ends">
        <span role="status">
          <WordStatus word={processingWord(situacao, linhasComErro)} />
        </span>
        {recebidoEm && <span class="small soft">{`Recebida em ${momentText(recebidoEm)}`}</span>}
      </div>
      {totalLinhas === null ? (
        !isOver(situacao) && <Waiting>{waitingFor(head)}</Waiting>
      ) : (
        <Progress label="Linhas feitas" done={linhasFeitas} of={totalLinhas} />
      )}
      {linhasComErro > 0 && situacao !== "RECUSADO" && (
        <Notice tone="warn" headline={errorsHeadline(linhasComErro)}>
          <p>{rightText(linhasFeitas - linhasComErro)} Corrija as erradas no arquivo de origem e envie só essas de novo.</p>
          <div class="row">
            <Button onPress={onErrors}>Ver só os erros</Button>
            {isOver(situacao) && <ErrorsDownload code={code} count={linhasComErro} />}
          </div>
        </Notice>
      )}
      {situacao === "RECUSADO" && (
        <Notice tone="bad" headline="O arquivo foi recusado inteiro: nenhuma linha foi feita">
          <p>O motivo está abaixo. Corrija o arquivo e envie-o de novo.</p>
        </Notice>
      )}
      {situacao === "FALHA" && (
        <Notice tone="bad" headline="O processamento parou por uma falha da plataforma">
          <p>As linhas já feitas valem. O atendimento foi avisado e retoma daqui; não é preciso enviar o arquivo de novo.</p>
        </Notice>
      )}
    </section>
  );
}

function waitingFor({ situacao }: ProcessingOutcome): string {
  return situacao === "AGUARDANDO_ARQUIVO"
    ? "À espera do arquivo. Se o envio foi interrompido, envie o mesmo arquivo de novo."
    : "O arquivo chegou e está na fila para ser lido.";
}

function errorsHeadline(count: number): string {
  return count === 1 ? "1 linha com erro" : `${countText(count)} linhas com erro`;
}

function rightText(count: number): string {
  if (count === 0) return "Nenhuma outra linha foi feita.";
  return count === 1 ? "A outra linha foi feita e vale." : `As outras ${countText(count)} linhas foram feitas e valem.`;
}

function NoImport({ code }: { readonly code: string }): JSX.Element {
  return (
    <Page title="Importação não encontrada" trail={TRAIL}>
      <div class="panel stack">
        <p>Nenhuma importação {code} foi enviada por você ou por quem você representa. Confira o código.</p>
        <div>
          <LinkButton to="/contratos/importacoes">Ver as importações</LinkButton>
        </div>
      </div>
    </Page>
  );
}
