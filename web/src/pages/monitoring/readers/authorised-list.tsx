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
import { fingerprintText } from "../../../format/identifiers.ts";
import { momentText } from "../../../format/moments.ts";
import { readReader, type Reader } from "../../../sealing/readers.ts";
import { keepColleagues, listsVersion, loginKeys, readersFor } from "../desk/login-keys.ts";
import type { Sender } from "../week/senders.ts";

/** The list that the company itself stands for, by its certificate: with it answers bear no reservation. */
export function AuthorisedList({ sender }: { readonly sender: Sender }): JSX.Element {
  const path = `/prudencial/empresas/${sender.cnpj}/leitores`;
  const loading = useLoaded((signal) => api.json<ReadersTold>(path, { signal }), [path]);
  const [failure, setFailure] = useState<unknown>(null);
  const [taken, setTaken] = useState(false);

  async function bring(file: File): Promise<void> {
    setFailure(null);
    setTaken(false);
    try {
      const autorizacao = (await file.text()).trim();
      loading.put(await api.json<ReadersTold>(path, { method: "PUT", body: { autorizacao } }));
      setTaken(true);
    } catch (refusal) {
      setFailure(refusal);
    }
  }

  return (
    <section class="panel stack" aria-labelledby="lista-autorizada">
      <div class="stack tight">
        <h2 id="lista-autorizada">Lista autorizada por {sender.sigla}</h2>
        <p class="soft small">
          Assinada com o certificado ICP-Brasil da empresa. Enquanto a lista com que você cifra não for esta, respostas e
          recibos dizem REMETENTE NÃO AUTENTICADO.
        </p>
      </div>
      <Shown loading={loading} what="a lista autorizada">
        {(told) => <Told told={told} sender={sender} />}
      </Shown>
      {taken && (
        <Notice tone="good" live>
          <p>A lista assinada foi aceita e vale a partir de agora.</p>
        </Notice>
      )}
      {failure !== null && <Failure error={failure} />}
      <FileDrop
        label="Trazer uma lista assinada"
        hint="O arquivo .jws que o comando abaixo gravou."
        accept=".jws,.jose,.txt"
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

function Told({ told, sender }: { readonly told: ReadersTold; readonly sender: Sender }): JSX.Element {
  if (told.resumo === null) {
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
      <Compared told={told} sender={sender} />
      <ul class="readers">
        {told.leitores.map((one) => (
          <li class="reader" key={one.id}>
            <div class="stack tight">
              <strong>{one.id}</strong>
              <span class="small">
                <span class="soft">Impressão </span>
                <code>{fingerprintText(one.impressao, 16)}</code>
              </span>
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
function Compared({ told, sender }: { readonly told: ReadersTold; readonly sender: Sender }): JSX.Element | null {
  const version = listsVersion();
  const own = loginKeys.value?.own ?? null;
  const { loaded } = useLoaded(async () => (own ? (await readersFor(sender.cnpj, own)).digest : null), [version, own, sender.cnpj]);
  if (loaded.state !== "ready" || own === null) return null;
  if (loaded.value === told.resumo) {
    return (
      <p>
        <Status tone="good">É a lista com que você cifra</Status>
      </p>
    );
  }
  const includesOwn = told.leitores.some((one) => one.id === own.reader.id && one.enc["x"] === own.reader.enc.x);
  return (
    <Notice tone="warn" headline="Não é a lista com que você cifra">
      {includesOwn ? (
        <div>
          <Button onPress={async () => keepColleagues(sender.cnpj, await colleaguesIn(told, own.reader))}>
            Cifrar com a lista autorizada
          </Button>
        </div>
      ) : (
        <p>As suas chaves não estão nela. Peça que a próxima lista assinada inclua a sua parte pública.</p>
      )}
    </Notice>
  );
}

function colleaguesIn(told: ReadersTold, own: Reader): Promise<readonly Reader[]> {
  const others = told.leitores.filter((one) => one.id !== own.id);
  return Promise.all(others.map(({ id, enc, sig }) => readReader({ id, enc, sig })));
}
