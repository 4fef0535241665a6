import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { Button } from "../../../components/button.tsx";
import { TextField } from "../../../components/field.tsx";
import { FileDrop } from "../../../components/file-drop.tsx";
import { Failure } from "../../../components/notice.tsx";
import { openReaderFile } from "../../../sealing/reader-file.ts";
import { keepKeys } from "../desk/login-keys.ts";

/** Keys from the file of this page or of `aval leitor criar`; here they become keys that nothing reads out. */
export function OpenKeys({ onDone }: { readonly onDone: () => void }): JSX.Element {
  const [file, setFile] = useState<File | null>(null);
  const [passphrase, setPassphrase] = useState("");
  const [failure, setFailure] = useState<unknown>(null);
  const [missing, setMissing] = useState<string | null>(null);

  async function open(): Promise<void> {
    setFailure(null);
    setMissing(file === null ? "Escolha antes o arquivo de chaves." : passphrase === "" ? "Informe a senha do arquivo." : null);
    if (file === null || passphrase === "") return;
    try {
      await keepKeys(file.arrayBuffer().then((bytes) => openReaderFile(new Uint8Array(bytes), passphrase)));
      onDone();
    } catch (refusal) {
      setFailure(refusal);
    }
  }

  return (
    <form class="panel stack" aria-labelledby="abrir-chaves" onSubmit={(event) => event.preventDefault()}>
      <h2 id="abrir-chaves" tabIndex={-1}>Abrir um arquivo de chaves</h2>
      <FileDrop
        label={file ? `Arquivo: ${file.name}` : "Escolher o arquivo .chaves"}
        hint="O arquivo fica neste computador; só as chaves entram no navegador."
        accept=".chaves,.jwe,.txt"
        onFiles={([chosen]) => setFile(chosen ?? null)}
      />
      <TextField
        label="Senha do arquivo"
        type="password"
        value={passphrase}
        onInput={setPassphrase}
        autocomplete="off"
        error={missing}
      />
      {failure !== null && <Failure error={failure} />}
      <div class="row">
        <Button kind="primary" type="submit" onPress={open}>
          Abrir e usar
        </Button>
        <Button onPress={onDone}>Cancelar</Button>
      </div>
    </form>
  );
}
