import type { ComponentChildren, JSX } from "preact";
import { useRef, useState } from "preact/hooks";

import { useFocusHeld, useFocusOn } from "../../../components/focus.ts";
import { useLoaded } from "../../../components/loading.tsx";
import { Failure, Notice } from "../../../components/notice.tsx";
import { Page } from "../../../components/page.tsx";
import { Waiting } from "../../../components/progress.tsx";
import { loadKeys, loginKeys } from "../desk/login-keys.ts";
import { useSender } from "../week/senders.ts";
import { NobodysSender } from "../week/week-page.tsx";
import { SenderSelect } from "../week/week-strip.tsx";
import { AuthorisedList } from "./authorised-list.tsx";
import { MakeKeys } from "./make-keys.tsx";
import { OpenKeys } from "./open-keys.tsx";
import { OwnKeys } from "./own-keys.tsx";
import { SealingList } from "./sealing-list.tsx";
import "./readers.css";

export function ReadersPage(): JSX.Element {
  const choice = useSender();
  return (
    <Page
      title="Chaves de leitor"
      lead="Quem pode abrir as respostas do enclave e assinar atos. As chaves privadas nascem aqui e nunca saem deste computador."
      trail={[{ text: "Monitoramento Prudencial", to: "/prudencial" }]}
    >
      {choice.sender === null ? (
        <NobodysSender />
      ) : (
        <Keys>
          <SenderSelect choice={choice} />
          <SealingList key={`lista-${choice.sender.cnpj}`} sender={choice.sender} />
          <AuthorisedList key={`autorizada-${choice.sender.cnpj}`} sender={choice.sender} />
        </Keys>
      )}
    </Page>
  );
}

/** One's own keys first; the lists once there is somebody to seal for. */
function Keys({ children }: { readonly children: ComponentChildren }): JSX.Element {
  const { loaded, reload } = useLoaded(loadKeys, []);
  const [way, setWay] = useState<"make" | "open" | null>(null);
  const keys = loginKeys.value;
  const part = useRef<HTMLDivElement>(null);
  const focusOn = useFocusOn();
  useFocusHeld(part, () => document.getElementById("minhas-chaves"));
  if (loaded.state === "failed") return <Failure error={loaded.error} onRetry={() => void reload()} />;
  if (keys === null) return <Waiting>Carregando as suas chaves…</Waiting>;
  const done = (): void => setWay(null);
  const begin = (chosen: "make" | "open"): void => {
    setWay(chosen);
    focusOn(chosen === "make" ? "criar-chaves" : "abrir-chaves");
  };
  return (
    <div class="stack loose" ref={part}>
      {!keys.lasting && (
        <Notice tone="warn" headline="Este navegador não guarda chaves">
          <p>As que você abrir aqui valem até fechar a página. O arquivo com a senha as traz de volta.</p>
        </Notice>
      )}
      <OwnKeys keys={keys} onMake={() => begin("make")} onOpen={() => begin("open")} />
      {way === "make" && <MakeKeys taken={keys.kept.map((one) => one.reader.id)} onDone={done} />}
      {way === "open" && <OpenKeys onDone={done} />}
      {keys.own && children}
    </div>
  );
}
