import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";

import { Button } from "../../../components/button.tsx";
import { Field, SelectField, TextField, type Option } from "../../../components/field.tsx";
import { useFocusHeld, useFocusOn } from "../../../components/focus.ts";
import { ErrorSummary, Failure, type Wrong } from "../../../components/notice.tsx";
import { Problem } from "../../../api/problem.ts";
import { decimalText, parsedDecimal } from "../../../format/numbers.ts";
import type { FactorRead } from "../../../sealing/factor-read.ts";
import { simulate } from "../../../sealing/week-acts.ts";
import type { WithAgent } from "../week/agent-page.tsx";
import { groupText, LINES, MONTHS } from "../portfolio/lines.ts";
import { figuresIn, simulatedIn, type Simulated } from "./figures-told.ts";
import { Compared } from "./what-if-compared.tsx";
import { askedOf, changesText, declaredAt, EQUITY, type Edit } from "./what-if.ts";

export interface WhatIfPanelProps {
  readonly within: WithAgent;
  readonly read: FactorRead;
}

type Trying =
  | { readonly state: "idle" }
  | { readonly state: "working"; readonly stage: string }
  | { readonly state: "done"; readonly simulated: Simulated; readonly follows: readonly string[] }
  | { readonly state: "failed"; readonly error: unknown };

const USUAL_TARGET = "0,20";
const MOST = 50;
const LINE_OPTIONS: readonly Option[] = [
  { value: EQUITY, text: "Patrimônio líquido, valor" },
  ...LINES.map((line) => ({ value: line.path, text: `${groupText[line.group]}: ${line.text}` })),
];
const MONTH_OPTIONS: readonly Option[] = MONTHS.map((month, index) => ({ value: String(index), text: month }));

/** The same engine on a changed portfolio: nothing of it is kept, validated or sent. */
export function WhatIfPanel({ within, read }: WhatIfPanelProps): JSX.Element | null {
  const { agent, desk } = within;
  const portfolio = read.payload["portfolio"];
  const work = useWhatIf(within, portfolio);
  const part = useRef<HTMLElement>(null);
  const focusOn = useFocusOn();
  useFocusHeld(part, () => document.getElementById("simular-mais"));
  if (!desk.canWork || !read.isOfOwnReaders || desk.lock.value.state === "refused") return null;
  return (
    <section class="panel stack simulation unprinted" aria-labelledby="simular" ref={part}>
      <h2 id="simular">E se…? Simulação para {agent.sigla}</h2>
      <p class="small soft">
        Mude figuras do portfólio entregue e veja o fator que dariam. A simulação vai e volta cifrada e não fica guardada
        em lugar nenhum. Um montante mudado leva consigo o submercado SE e a fonte CONV do mês, para que as somas continuem
        certas, a não ser que você mude também esses.
      </p>
      <ErrorSummary wrongs={work.wrongs} attempt={work.attempt} />
      <ol class="edits">
        {work.edits.map((edit, index) => (
          <EditRow key={edit.key} edit={edit} index={index} portfolio={portfolio} work={work} />
        ))}
      </ol>
      <div class="row bottom">
        <Button id="simular-mais" disabled={work.edits.length >= MOST} onPress={() => focusOn(whatOf(work.add()))}>
          Mais uma mudança
        </Button>
        <div class="wanted-factor">
          <TextField
            id="simular-alvo"
            label="FA desejado"
            inputMode="decimal"
            value={work.target}
            onInput={work.setTarget}
            error={work.faultAt("simular-alvo")}
          />
        </div>
        <Button kind="primary" onPress={work.run}>
          Simular
        </Button>
        <span class="small soft" role="status">
          {work.trying.state === "working" ? work.trying.stage : ""}
        </span>
      </div>
      {work.trying.state === "failed" && <Failed error={work.trying.error} />}
      {work.trying.state === "done" && (
        <Compared simulated={work.trying.simulated} follows={work.trying.follows} isOfShown={isOf(read, work.trying.simulated)} />
      )}
    </section>
  );
}

function Failed({ error }: { readonly error: unknown }): JSX.Element | null {
  // Faults are listed on top, each as the enclave told it.
  return error instanceof Problem && error.faults.length > 0 ? null : <Failure error={error} />;
}

/** What is compared with must be what the page shows. */
function isOf(read: FactorRead, simulated: Simulated): boolean {
  return figuresIn(read.figures).factor === simulated.declared.factor;
}

interface EditShown extends Edit {
  readonly key: number;
}

interface WhatIfWork {
  readonly edits: readonly EditShown[];
  readonly target: string;
  readonly trying: Trying;
  readonly wrongs: readonly Wrong[];
  readonly attempt: number;
  readonly faultAt: (field: string) => string | null;
  readonly setTarget: (target: string) => void;
  readonly change: (index: number, change: Partial<Edit>) => void;
  /** Returns the key of the new one. */
  readonly add: () => number;
  readonly remove: (index: number) => void;
  readonly run: () => Promise<void>;
}

function useWhatIf({ agent, desk }: WithAgent, portfolio: unknown): WhatIfWork {
  const keys = useRef(0);
  const fresh = (): EditShown => ({ key: keys.current++, line: EQUITY, month: 0, typed: "" });
  const [edits, setEdits] = useState<readonly EditShown[]>(() => [fresh()]);
  const [target, setTarget] = useState(USUAL_TARGET);
  const [trying, setTrying] = useState<Trying>({ state: "idle" });
  const [attempt, setAttempt] = useState(0);
  const [judged, setJudged] = useState(false);

  const asked = askedOf(portfolio, edits);
  const wanted = parsedDecimal(target);
  const own: Wrong[] = [...asked.wrongs].map(([index, detail]) => ({ field: `simular-${edits[index]?.key}`, detail }));
  if (wanted === null || wanted.startsWith("-") || wanted === "0") {
    own.push({ field: "simular-alvo", detail: "O FA desejado é um número maior que zero, como 0,20." });
  }

  async function run(): Promise<void> {
    setAttempt(attempt + 1);
    setJudged(true);
    if (own.length > 0) return setTrying({ state: "idle" });
    setTrying({ state: "working", stage: "Cifrando as mudanças neste computador…" });
    try {
      const onWait = (): void => setTrying({ state: "working", stage: "O enclave ainda está calculando…" });
      const text = changesText(asked, wanted ?? "");
      const done = await desk.sealing((week) => simulate(week, agent, text, { onWait }));
      setTrying({ state: "done", simulated: simulatedIn(done.payload), follows: asked.follows });
    } catch (error) {
      setTrying({ state: "failed", error });
    }
  }

  function edited(next: readonly EditShown[]): void {
    setEdits(next);
    setTrying({ state: "idle" });
  }

  const told = trying.state === "failed" && trying.error instanceof Problem ? trying.error.faults : [];
  return {
    edits,
    target,
    trying,
    wrongs: judged ? [...own, ...told.map(({ detail }) => ({ detail }))] : [],
    attempt: attempt + told.length,
    faultAt: (field) => (judged ? (own.find((wrong) => wrong.field === field)?.detail ?? null) : null),
    setTarget: (next) => {
      setTarget(next);
      setTrying({ state: "idle" });
    },
    change: (index, change) => edited(edits.map((edit, at) => (at === index ? { ...edit, ...change } : edit))),
    add: () => {
      const added = fresh();
      edited([...edits, added]);
      return added.key;
    },
    remove: (index) => edited(edits.filter((_, at) => at !== index)),
    run,
  };
}

function whatOf(key: number): string {
  return `simular-${key}-o-que`;
}

interface EditRowProps {
  readonly edit: EditShown;
  readonly index: number;
  readonly portfolio: unknown;
  readonly work: WhatIfWork;
}

function EditRow({ edit, index, portfolio, work }: EditRowProps): JSX.Element {
  const declared = declaredAt(portfolio, edit.line, edit.month);
  const field = `simular-${edit.key}`;
  return (
    <li class="edit">
      <SelectField
        id={whatOf(edit.key)}
        label={`Mudança ${index + 1}: o quê`}
        value={edit.line}
        options={LINE_OPTIONS}
        onChange={(line) => work.change(index, { line })}
      />
      <SelectField
        label="Mês"
        value={edit.line === EQUITY ? "" : String(edit.month)}
        options={edit.line === EQUITY ? [{ value: "", text: "—" }] : MONTH_OPTIONS}
        disabled={edit.line === EQUITY}
        onChange={(month) => work.change(index, { month: Number(month) })}
      />
      <Field label="Novo valor" id={field} hint={`Declarado: ${declared === null ? "—" : decimalText(declared)}`} error={work.faultAt(field)}>
        {(wiring) => (
          <input
            class="input number"
            inputMode="decimal"
            autocomplete="off"
            spellcheck={false}
            {...wiring}
            value={edit.typed}
            onInput={(event) => work.change(index, { typed: event.currentTarget.value })}
          />
        )}
      </Field>
      {work.edits.length > 1 && (
        <Button kind="quiet" label={`Tirar a mudança ${index + 1}`} onPress={() => work.remove(index)}>
          Tirar
        </Button>
      )}
    </li>
  );
}
