import type { JSX } from "preact";

import type { RuleVerdict } from "../../api/messages.ts";
import { Button } from "../../components/button.tsx";
import { Failure } from "../../components/notice.tsx";
import { Waiting } from "../../components/progress.tsx";
import { Status } from "../../components/status.tsx";
import type { Desk } from "./desk.ts";
import type { Check, StagedFile } from "./staging.ts";
import { ruleText, sizeText } from "./words.ts";

/** The files to be added, each with the verdict of every rule. */
export function StagedFiles({ desk }: { readonly desk: Desk }): JSX.Element | null {
  const { files } = desk.staged;
  if (files.length === 0) return null;
  return (
    <ul class="stack" aria-label="Arquivos a enviar">
      {files.map((file) => (
        <Staged key={file.id} file={file} desk={desk} />
      ))}
    </ul>
  );
}

function Staged({ file, desk }: { readonly file: StagedFile; readonly desk: Desk }): JSX.Element {
  const { id, name, size, check, withdrawn } = file;
  return (
    <li class={`staged${withdrawn ? " struck" : ""}`} id={id} tabIndex={-1}>
      <div class="row ends">
        <p class="name">
          <strong class="text">{name}</strong> <span class="small soft">{sizeText(size)}</span>
        </p>
        <Button
          kind={withdrawn ? "plain" : "danger"}
          label={withdrawn ? `Desfazer a retirada de ${name}` : `Retirar ${name}`}
          onPress={() => desk.setWithdrawn(id, !withdrawn)}
        >
          {withdrawn ? "Desfazer" : "Retirar"}
        </Button>
      </div>
      <div role="status">
        {withdrawn ? <span class="small soft">Retirado: não será enviado.</span> : <Told name={name} check={check} />}
      </div>
      {!withdrawn && check.state === "judged" && <Verdicts name={name} check={check} />}
      {!withdrawn && check.state === "failed" && (
        <Failure error={check.error} {...(file.content === "" ? {} : { onRetry: () => desk.recheck(id) })} />
      )}
    </li>
  );
}

function Told({ name, check }: { readonly name: string; readonly check: Check }): JSX.Element | null {
  if (check.state === "checking") return <Waiting>{`Conferindo ${name}…`}</Waiting>;
  if (check.state === "failed") return <Status tone="warn">{`${name} não foi conferido`}</Status>;
  const { aceito, regras } = check.verification;
  const broken = regras.filter((verdict) => !verdict.ok).length;
  if (aceito) return <Status tone="good">{`Aceito: atende às ${regras.length} regras`}</Status>;
  return (
    <Status tone="bad">
      {broken === 1 ? "Recusado: 1 regra não atendida" : `Recusado: ${broken} regras não atendidas`}
    </Status>
  );
}

interface VerdictsProps {
  readonly name: string;
  readonly check: Extract<Check, { state: "judged" }>;
}

function Verdicts({ name, check }: VerdictsProps): JSX.Element {
  const { regras, avisos } = check.verification;
  const brokenFirst = [...regras].sort((one, other) => Number(one.ok) - Number(other.ok));
  return (
    <>
      <ul class="verdicts small" aria-label={`Regras conferidas em ${name}`}>
        {brokenFirst.map((verdict) => (
          <Verdict key={verdict.regra} verdict={verdict} />
        ))}
      </ul>
      {avisos.map((aviso) => (
        <p key={aviso} class="small notice tone-warn">
          {aviso}
        </p>
      ))}
    </>
  );
}

function Verdict({ verdict }: { readonly verdict: RuleVerdict }): JSX.Element {
  return (
    <li class={verdict.ok ? "kept" : "broken"}>
      <span class="mark" aria-hidden="true">
        {verdict.ok ? "✓" : "✗"}
      </span>
      <span>
        <strong>{ruleText(verdict.regra)}</strong>
        <span class="unseen">{verdict.ok ? " (atendida)" : " (não atendida)"}</span>: {verdict.detalhe}
      </span>
    </li>
  );
}
