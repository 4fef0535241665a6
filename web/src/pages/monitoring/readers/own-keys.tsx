import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { Button } from "../../../components/button.tsx";
import { Confirmation } from "../../../components/dialog.tsx";
import { saveAs } from "../../../components/saving.ts";
import { Status } from "../../../components/status.tsx";
import type { ReaderKeys } from "../../../sealing/reader-keys.ts";
import { forgetKeys, useKeys as choose, type LoginKeys } from "../desk/login-keys.ts";
import { Fingerprint } from "./fingerprint.tsx";

export interface OwnKeysProps {
  readonly keys: LoginKeys;
  readonly onMake: () => void;
  readonly onOpen: () => void;
}

/** The keys that this browser holds for who is logged in. */
export function OwnKeys({ keys, onMake, onOpen }: OwnKeysProps): JSX.Element {
  const [forgetting, setForgetting] = useState<ReaderKeys | null>(null);
  return (
    <section class="panel stack" aria-labelledby="minhas-chaves">
      <div class="row ends">
        <h2 id="minhas-chaves" tabIndex={-1}>Minhas chaves neste navegador</h2>
        <div class="row">
          <Button kind={keys.own ? "plain" : "primary"} onPress={onMake}>
            Criar chaves
          </Button>
          <Button onPress={onOpen}>Abrir um arquivo de chaves</Button>
        </div>
      </div>
      {keys.kept.length === 0 ? (
        <p class="empty">
          Ainda não há chaves. Crie as suas, ou abra o arquivo que você guardou de outro computador ou do comando aval.
        </p>
      ) : (
        <ul class="readers">
          {keys.kept.map((one) => (
            <OwnKey
              key={one.reader.id}
              keys={one}
              inUse={one === keys.own}
              onForget={() => setForgetting(one)}
            />
          ))}
        </ul>
      )}
      {forgetting && (
        <Confirmation
          title={`Esquecer as chaves “${forgetting.reader.id}” neste navegador?`}
          confirm={`Esquecer “${forgetting.reader.id}”`}
          kind="danger"
          onConfirm={async () => {
            await forgetKeys(forgetting.reader.id);
            setForgetting(null);
          }}
          onCancel={() => setForgetting(null)}
        >
          <p>
            O que foi cifrado para elas só volta a abrir com o arquivo <code>{forgetting.reader.id}.chaves</code> e a sua
            senha. Sem o arquivo, será preciso entregar tudo de novo com outras chaves.
          </p>
        </Confirmation>
      )}
    </section>
  );
}

interface OwnKeyProps {
  readonly keys: ReaderKeys;
  readonly inUse: boolean;
  readonly onForget: () => void;
}

function OwnKey({ keys, inUse, onForget }: OwnKeyProps): JSX.Element {
  const { reader } = keys;
  return (
    <li class="reader">
      <div class="stack tight">
        <span class="row">
          <strong>{reader.id}</strong>
          {inUse && <Status tone="good">Em uso</Status>}
        </span>
        <Fingerprint reader={reader} />
      </div>
      <div class="row">
        {!inUse && (
          <Button onPress={() => choose(reader.id)} label={`Usar as chaves ${reader.id}`}>
            Usar
          </Button>
        )}
        <Button
          onPress={() => saveAs(`${reader.id}.json`, new Blob([JSON.stringify(reader)], { type: "application/json" }))}
          label={`Baixar a parte pública de ${reader.id}`}
        >
          Baixar a parte pública
        </Button>
        <Button kind="danger" onPress={onForget} label={`Esquecer as chaves ${reader.id}`}>
          Esquecer
        </Button>
      </div>
    </li>
  );
}
