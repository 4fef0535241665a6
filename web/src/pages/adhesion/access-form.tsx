import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { Problem } from "../../api/problem.ts";
import { Button } from "../../components/button.tsx";
import { FileDrop } from "../../components/file-drop.tsx";
import { LeaveGuard } from "../../components/leaving.tsx";
import { ErrorSummary, Failure } from "../../components/notice.tsx";
import { Waiting } from "../../components/progress.tsx";
import { go } from "../../routing/location.ts";
import { CertificatesTable } from "./certificates-table.tsx";
import { CompanyFacts } from "./company-facts.tsx";
import { Concluded, Conflict, Intentions, Standing, Unapplied } from "./form-notices.tsx";
import { useDesk, type Desk } from "./desk.ts";
import { PasswordPanel } from "./password-panel.tsx";
import { sendChange, type CompanyRecord } from "./record.ts";
import { StagedFiles } from "./staged-files.tsx";
import {
  CERTIFICATES_FIELD,
  changeOf,
  FILES_FIELD,
  isEmpty,
  obstacles,
  PASSWORD_FIELD,
  standing,
  wrongsOf,
  type Staged,
  type Wrong,
} from "./staging.ts";

export interface AccessFormProps {
  readonly record: CompanyRecord;
  /** Read the company again, as it is by now. */
  readonly onRead: () => Promise<void>;
  readonly onChanged: (record: CompanyRecord) => void;
}

const FILES_HINT =
  "Clique ou arraste aqui até dois arquivos .cer (X.509 binário, codificado por DER). " +
  "Cada um é conferido na hora, antes do envio.";

/** What came of the last attempt. */
type Outcome =
  | { readonly kind: "none" }
  | {
      readonly kind: "wrong";
      readonly wrongs: readonly Wrong[];
      readonly transaction: string | null;
      readonly attempted: Staged;
    }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "conflict" }
  | { readonly kind: "done"; readonly message: string };

/** The whole change of a company's access: put together here, sent as one, applied as one. */
export function AccessForm({ record, onRead, onChanged }: AccessFormProps): JSX.Element {
  const desk = useDesk(record);
  const keyOf = useKeys();
  const [busy, setBusy] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const [last, setOutcome] = useState<Outcome>({ kind: "none" });
  const { company } = record;
  // What was mended since is told no more.
  const outcome =
    last.kind === "wrong" ? { ...last, wrongs: standing(last.wrongs, last.attempted, desk.staged) } : last;

  async function attempted(): Promise<Outcome> {
    const staged = await desk.settled();
    const wrongs = obstacles(company, staged);
    if (wrongs.length > 0) return { kind: "wrong", wrongs, transaction: null, attempted: staged };
    const change = changeOf(staged);
    try {
      const sent = await sendChange(record, change, keyOf(JSON.stringify(change)));
      desk.clear();
      onChanged(sent.record);
      return { kind: "done", message: sent.message };
    } catch (error) {
      if (!(error instanceof Problem)) return { kind: "failed", error };
      if (error.status === 412) return { kind: "conflict" };
      const told = wrongsOf(error, staged);
      if (told.length === 0) return { kind: "failed", error };
      return { kind: "wrong", wrongs: told, transaction: error.transaction, attempted: staged };
    }
  }

  async function conclude(): Promise<void> {
    if (busy) return;
    setBusy(true);
    setOutcome(await attempted());
    setAttempt((before) => before + 1);
    setBusy(false);
  }

  async function readAgain(): Promise<void> {
    await onRead();
    setOutcome({ kind: "none" });
  }

  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void conclude();
      }}
    >
      <LeaveGuard unsaved={!isEmpty(desk.staged)} what="O que você preparou para esta empresa" />
      <Told outcome={outcome} attempt={attempt} cnpj={company.cnpj} onReadAgain={readAgain} />
      <fieldset class="stack" disabled={busy} aria-label={`Cadastro de ${company.sigla}`}>
        <section class="panel stack" aria-label="Empresa">
          <CompanyFacts company={company} />
          <Standing company={company} />
        </section>
        <PasswordPanel
          company={company}
          value={desk.staged.password}
          onInput={desk.setPassword}
          error={errorAt(outcome, PASSWORD_FIELD)}
        />
        <Certificates record={record} desk={desk} outcome={outcome} />
      </fieldset>
      <section class="panel stack" aria-label="Conclusão">
        <Intentions company={company} staged={desk.staged} />
        {busy && <Waiting>Enviando a solicitação…</Waiting>}
        <div class="row">
          <Button type="submit" kind="primary" busy={busy}>
            Concluir solicitação
          </Button>
          <Button onPress={() => go("/empresas")}>Cancelar</Button>
        </div>
      </section>
    </form>
  );
}

interface CertificatesProps {
  readonly record: CompanyRecord;
  readonly desk: Desk;
  readonly outcome: Outcome;
}

function Certificates({ record, desk, outcome }: CertificatesProps): JSX.Element {
  const wrongFiles = errorAt(outcome, FILES_FIELD);
  const wrongDeletions = errorAt(outcome, CERTIFICATES_FIELD);
  return (
    <>
      <section class="panel stack" id={CERTIFICATES_FIELD} tabIndex={-1} aria-labelledby="certificados-titulo">
        <h2 id="certificados-titulo">Certificados existentes</h2>
        {wrongDeletions !== null && <p class="wrong">{wrongDeletions}</p>}
        <CertificatesTable
          company={record.company}
          deleting={{ staged: desk.staged.deletions, toggle: desk.toggleDeletion }}
        />
      </section>
      <section class="panel stack" id={FILES_FIELD} tabIndex={-1} aria-labelledby="arquivos-titulo">
        <h2 id="arquivos-titulo">Enviar certificado digital</h2>
        {wrongFiles !== null && <p class="wrong">{wrongFiles}</p>}
        <FileDrop
          label="Escolher arquivos"
          hint={FILES_HINT}
          accept=".cer,.crt,.der"
          several
          onFiles={desk.add}
        />
        <StagedFiles desk={desk} />
      </section>
    </>
  );
}

interface ToldProps {
  readonly outcome: Outcome;
  readonly attempt: number;
  readonly cnpj: string;
  readonly onReadAgain: () => Promise<void>;
}

function Told({ outcome, attempt, cnpj, onReadAgain }: ToldProps): JSX.Element | null {
  const place = useRef<HTMLDivElement>(null);
  const summed = outcome.kind === "wrong";
  useEffect(() => {
    // The summary of errors takes the focus itself.
    if (attempt === 0 || summed) return;
    place.current?.focus();
    place.current?.scrollIntoView({ block: "nearest" });
  }, [attempt]);
  if (outcome.kind === "wrong") {
    return <ErrorSummary wrongs={outcome.wrongs} transaction={outcome.transaction} attempt={attempt} />;
  }
  return (
    <div class="outcome" tabIndex={-1} ref={place}>
      {outcome.kind === "done" && <Concluded message={outcome.message} cnpj={cnpj} />}
      {outcome.kind === "conflict" && <Conflict onReadAgain={onReadAgain} />}
      {outcome.kind === "failed" && <Failure error={outcome.error} />}
      {outcome.kind === "failed" && <Unapplied known={isKnown(outcome.error)} />}
    </div>
  );
}

/** Whether it is certain that nothing was applied: a refusal says so, a failure or silence does not. */
function isKnown(error: unknown): boolean {
  return error instanceof Problem && error.status < 500;
}

/** One key for each different change: sent again after an answer that never came, it is the same request. */
function useKeys(): (content: string) => string {
  const last = useRef<{ readonly content: string; readonly key: string } | null>(null);
  return (content) => {
    if (last.current?.content !== content) last.current = { content, key: crypto.randomUUID() };
    return last.current.key;
  };
}

function errorAt(outcome: Outcome, field: string): string | null {
  if (outcome.kind !== "wrong") return null;
  const found = outcome.wrongs.filter((wrong) => wrong.field === field).map((wrong) => wrong.detail);
  return found.length === 0 ? null : `${found.join(". ")}.`;
}
