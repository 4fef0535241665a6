import type { JSX } from "preact";

import { isHardware, NOT_HARDWARE_LABEL } from "../../../attestation/roots.ts";
import { Button } from "../../../components/button.tsx";
import { Failure } from "../../../components/notice.tsx";
import { timeText } from "../../../format/moments.ts";
import { sentence } from "../../../format/sentences.ts";
import { hrefOf } from "../../../routing/location.ts";
import type { Desk } from "./desk.ts";
import { LockDetails } from "./lock-details.tsx";
import "./lock.css";

/** Whether what is typed here may be sealed, and to whom: what was verified, or why nothing is sealed. */
export function Lock({ desk }: { readonly desk: Desk }): JSX.Element {
  const lock = desk.lock.value;
  const verify = (): Promise<unknown> => desk.verify().catch(() => undefined);
  return (
    <section class={`lock unprinted tone-${toneOf(lock.state)}`} aria-label="Lacre">
      {lock.state === "verified" && <Verified desk={desk} lock={lock} />}
      {lock.state === "refused" && (
        <div class="stack tight" role="alert">
          <Headline text="Lacre recusado: nada é cifrado nem enviado">
            <code>{lock.code}</code>
          </Headline>
          <p>
            <strong>{sentence(lock.detail)}</strong> Conferido às {timeText(lock.at)}.
          </p>
          <p>
            Não digite dados confidenciais em outro lugar: espere a correção, ou informe o atendimento com o código acima.
          </p>
          <div class="row">
            <Button onPress={verify}>Conferir de novo</Button>
            <LockDetails desk={desk} lock={lock} />
          </div>
        </div>
      )}
      {lock.state === "unreachable" && (
        <div class="stack tight">
          <Headline text="Lacre não conferido: nada é cifrado por enquanto" />
          <Failure error={lock.error} onRetry={() => void verify()} />
        </div>
      )}
      {(lock.state === "checking" || lock.state === "unchecked") && (
        <p class="row" role="status">
          <span class="spinner" aria-hidden="true" />
          Conferindo o atestado do enclave…
        </p>
      )}
      {!desk.canWork && <NoKeys />}
    </section>
  );
}

function Verified({
  desk,
  lock,
}: {
  readonly desk: Desk;
  readonly lock: Extract<Desk["lock"]["value"], { state: "verified" }>;
}): JSX.Element {
  const hardware = isHardware(lock.key.document.root);
  return (
    <div class="lock-held">
      <Headline text={hardware ? "Lacre conferido" : "Lacre conferido, sob raiz simulada"}>
        {!hardware && <strong class="label">{NOT_HARDWARE_LABEL}</strong>}
      </Headline>
      <p class="small">
        Às {timeText(lock.at)}: só o código publicado abre o que se cifra aqui. Cinco minutos depois, é conferido de novo
        antes de cifrar.
      </p>
      <LockDetails desk={desk} lock={lock} />
    </div>
  );
}

function NoKeys(): JSX.Element {
  return (
    <p>
      Para cifrar e ler, você precisa de chaves de leitor neste navegador.{" "}
      <a href={hrefOf("/prudencial/leitores")}>Criar ou abrir as minhas chaves</a>
    </p>
  );
}

function Headline({ text, children }: { readonly text: string; readonly children?: JSX.Element | false }): JSX.Element {
  return (
    <p class="lock-headline">
      <svg viewBox="0 0 16 16" width="18" height="18" aria-hidden="true">
        <path
          fill="currentColor"
          d="M8 1a4 4 0 0 0-4 4v2H3.5A1.5 1.5 0 0 0 2 8.5v5A1.5 1.5 0 0 0 3.5 15h9a1.5 1.5 0 0 0 1.5-1.5v-5A1.5 1.5 0 0 0 12.5 7H12V5a4 4 0 0 0-4-4Zm-2.3 6V5a2.3 2.3 0 0 1 4.6 0v2Z"
        />
      </svg>
      <span>{text}</span>
      {children}
    </p>
  );
}

function toneOf(state: Desk["lock"]["value"]["state"]): string {
  if (state === "verified") return "good";
  return state === "refused" ? "bad" : state === "unreachable" ? "warn" : "calm";
}
