import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { ReadersTold } from "../../../api/messages.ts";
import { api } from "../../../application.ts";
import { Button } from "../../../components/button.tsx";
import { Command } from "../../../components/command.tsx";
import { FileDrop } from "../../../components/file-drop.tsx";
import { Shown, useLoaded } from "../../../components/loading.tsx";
import { Failure, Notice } from "../../../components/notice.tsx";
import { Status } from "../../../components/status.tsx";
import { cnpjText } from "../../../format/identifiers.ts";
import { momentText } from "../../../format/moments.ts";
import type { Readers } from "../../../sealing/readers.ts";
import { keepColleagues, listsVersion, loginKeys, readersFor } from "../desk/login-keys.ts";
import type { Sender } from "../week/senders.ts";
import { authorisedIn, changeOf, signedListIn, type Authorised, type ListChange } from "./authorised.ts";
import { Fingerprint } from "./fingerprint.tsx";
import { TakeList } from "./take-list.tsx";

type Bringing =
  | { readonly state: "idle" | "working" }
  /** Whose list was taken: the sender's own, or one of an agent that it represents. */
  | { readonly state: "taken"; readonly company: string };

/** The list that the company itself stands for, by its certificate: with it answers bear no reservation. */
export function AuthorisedList({ sender }: { readonly sender: Sender }): JSX.Element {
  const path = pathOf(sender.cnpj);
  const loading = useLoaded(async (signal) => authorisedIn(await api.json<ReadersTold>(path, { signal })), [path]);
  const [failure, setFailure] = useState<unknown>(null);
  const [bringing, setBringing] = useState<Bringing>({ state: "idle" });

  async function bring(file: File): Promise<void> {
    if (bringing.state === "working") return;
    setFailure(null);
    setBringing({ state: "working" });
    try {
      const { text: autorizacao, company } = await signedListIn(file);
      const told = await api.json<ReadersTold>(pathOf(company), { method: "PUT", body: { autorizacao } });
      if (company === sender.cnpj) loading.put(await authorisedIn(told));
      setBringing({ state: "taken", company });
    } catch (refusal) {
      setBringing({ state: "idle" });
      setFailure(refusal);
    }
  }

  return (
    <section class="panel stack" aria-labelledby="lista-autorizada">
      <div class="stack tight">
        <h2 id="lista-autorizada">Lista autorizada por {sender.sigla}</h2>
        <p class="soft small">
          Assinada com o certificado ICP-Brasil da empresa. Cifrados com ela, os dados de {sender.sigla} e os lotes que ela
          envia não levam a ressalva REMETENTE NÃO AUTENTICADO. Os de um agente representado só a perdem com uma lista igual
          que ele mesmo assine: traga-a aqui também.
        </p>
      </div>
      <Shown loading={loading} what="a lista autorizada">
        {(authorised) => <Told authorised={authorised} sender={sender} />}
      </Shown>
      {bringing.state === "taken" && (
        <Notice tone="good" live>
          <p>A lista assinada de {cnpjText(bringing.company)} foi aceita e vale a partir de agora.</p>
        </Notice>
      )}
      {failure !== null && <Failure error={failure} />}
      <FileDrop
        label="Trazer uma lista assinada"
        hint="O arquivo .jws que o comando abaixo gravou."
        accept=".jws,.jose,.txt"
        busy={bringing.state === "working"}
        onFiles={([file]) => file && bring(file)}
      />
      <p class="small">A assinatura usa a chave do certificado, que não deve entrar num navegador. Quem a tem assina com:</p>
      <Command label="Comando que assina a lista">
        {`aval leitor autorizar --certificado empresa.pem --chave-do-certificado empresa.key \\
    --cnpj ${sender.cnpj} --leitor ana.json bia.json -o lista.jws`}
      </Command>
    </section>
  );
}

function Told({ authorised, sender }: { readonly authorised: Authorised; readonly sender: Sender }): JSX.Element {
  const { told, readers } = authorised;
  if (readers === null) {
    return (
      <p>
        <Status tone="warn" hollow>
          Nenhuma lista autorizada
        </Status>
      </p>
    );
  }
  const last = told.autorizacoes.at(-1);
  return (
    <div class="stack">
      <Compared readers={readers} sender={sender} />
      <ul class="readers">
        {readers.listed.map((one) => (
          <li class="reader" key={one.id}>
            <div class="stack tight">
              <strong>{one.id}</strong>
              <Fingerprint reader={one} />
            </div>
          </li>
        ))}
      </ul>
      {last && (
        <p class="small soft">
          Lista número {last.numero}, {last.porCertificado ? "assinada pelo certificado da empresa" : "assinada por um leitor da lista anterior"},
          recebida em {momentText(last.em)}.
        </p>
      )}
    </div>
  );
}

/** Whether the list to seal with is the authorised one, and a way to make it so. */
function Compared({ readers, sender }: { readonly readers: Readers; readonly sender: Sender }): JSX.Element | null {
  const version = listsVersion();
  const own = loginKeys.value?.own ?? null;
  const { loaded } = useLoaded(async () => (own ? readersFor(sender.cnpj, own) : null), [version, own, sender.cnpj]);
  const [change, setChange] = useState<ListChange | null>(null);
  if (loaded.state !== "ready" || loaded.value === null || own === null) return null;
  const sealing = loaded.value;
  if (sealing.digest === readers.digest) {
    return (
      <p>
        <Status tone="good">É a lista com que você cifra</Status>
      </p>
    );
  }
  const next = changeOf(sealing, readers);
  // Who seals reads what was sealed: without one's own keys the list is of no use here.
  const includesOwn = !next.leaving.some((one) => one.id === own.reader.id);
  return (
    <>
      <Notice tone="warn" headline="Não é a lista com que você cifra">
        {includesOwn ? (
          <>
            <p>{differenceTold(next)}</p>
            <div>
              <Button onPress={() => setChange(next)}>Cifrar com a lista autorizada</Button>
            </div>
          </>
        ) : (
          <p>As suas chaves não estão nela. Peça que a próxima lista assinada inclua a sua parte pública.</p>
        )}
      </Notice>
      {change && (
        <TakeList
          company={sender.sigla}
          change={change}
          onTake={() => {
            keepColleagues(sender.cnpj, readers.listed.filter((one) => one.id !== own.reader.id));
            setChange(null);
          }}
          onCancel={() => setChange(null)}
        />
      )}
    </>
  );
}

function differenceTold({ entering, leaving }: ListChange): string {
  const names = (readers: ListChange["entering"]): string => readers.map((one) => one.id).join(", ");
  const told = [
    entering.length > 0 ? `Nela há quem não está na sua: ${names(entering)}.` : "",
    leaving.length > 0 ? `Falta nela quem está na sua: ${names(leaving)}.` : "",
  ];
  return told.filter(Boolean).join(" ");
}

function pathOf(company: string): string {
  return `/prudencial/empresas/${company}/leitores`;
}
