import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { hex } from "../../../attestation/bytes.ts";
import { isHardware } from "../../../attestation/roots.ts";
import { Button } from "../../../components/button.tsx";
import { Command } from "../../../components/command.tsx";
import { Dialog } from "../../../components/dialog.tsx";
import { Fact } from "../../../components/fact.tsx";
import { fingerprintText } from "../../../format/identifiers.ts";
import { momentText, timeText } from "../../../format/moments.ts";
import type { AttestedKey } from "../../../sealing/offered-key.ts";
import { deliveringCommands, verifyingCommands } from "./commands.ts";
import type { Desk, Lock } from "./desk.ts";

export interface LockDetailsProps {
  readonly desk: Desk;
  readonly lock: Extract<Lock, { state: "verified" | "refused" }>;
}

/** What was verified, one by one, and how to do the same without this page. */
export function LockDetails({ desk, lock }: LockDetailsProps): JSX.Element {
  const [open, setOpen] = useState(false);
  return (
    <div>
      <Button kind="quiet" onPress={() => setOpen(true)}>
        {lock.state === "verified" ? "Ver o que foi conferido" : "Conferir sem esta página"}
      </Button>
      {open && (
        <Dialog title="O lacre" wide onClose={() => setOpen(false)}>
          {lock.state === "verified" && <Facts lock={lock} />}
          <Commands desk={desk} />
          <div>
            <Button onPress={() => setOpen(false)}>Fechar</Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}

function Facts({ lock }: { readonly lock: Extract<Lock, { state: "verified" }> }): JSX.Element {
  const { key, at, release } = lock;
  const { document } = key;
  return (
    <dl class="facts wide-facts">
      <Fact name="Raiz">
        {isHardware(document.root) ? "AWS Nitro Enclaves" : "Simulada, desta instalação; não é a da AWS"}
        <Print text={fingerprintText(document.root)} />
      </Fact>
      <Fact name="Código medido">
        {release ? `Versão ${release.version}, liberada em ${momentText(release.at.toISOString())}` : "Liberado no registro de medidas"}
        <Print text={fingerprintText(hex(document.pcrs.get(0) ?? new Uint8Array()))} />
      </Fact>
      <Fact name="Registro de medidas">Assinado por quem o guarda, linha a linha, e não mais curto que o já visto aqui</Fact>
      <Fact name="Pergunta (nonce)">
        Sorteada aqui e devolvida no atestado
        <Print text={fingerprintText(hex(document.nonce ?? new Uint8Array()))} />
      </Fact>
      <Fact name="Idade">
        Feito às {timeText(document.instant)}, conferido às {timeText(at)}
      </Fact>
      <Fact name="Chave que cifra">
        {modulusBits(key)} bits, nomeada no atestado
        <Print text={key.keyId} />
      </Fact>
      <Fact name="Chave que assina as respostas">
        Ligada ao atestado pela declaração
        <Print text={fingerprintText(key.declaration.signingKey)} />
      </Fact>
      <Fact name="Enclave">
        <Print text={document.moduleId} />
      </Fact>
    </dl>
  );
}

function Commands({ desk }: Pick<LockDetailsProps, "desk">): JSX.Element {
  const { event, sender, isHardware: hardware } = desk;
  const told = { origin: location.origin, event, sender, isHardware: hardware };
  return (
    <section class="stack tight">
      <h3>Sem confiar nesta página</h3>
      <p class="small">
        Uma página servida por quem ela confere pode mentir. O comando <code>aval</code> faz o mesmo neste computador, com
        a chave do registro (<code>medidas.pem</code>) que você recebeu por outro caminho:
      </p>
      <Command label="Comandos que conferem o atestado">{verifyingCommands(told)}</Command>
      <p class="small">E entrega sem passar por aqui, depois de conferir por si mesmo:</p>
      <Command label="Comandos que cifram e entregam">{deliveringCommands(told)}</Command>
    </section>
  );
}

function Print({ text }: { readonly text: string }): JSX.Element {
  return <code class="print">{text}</code>;
}

function modulusBits(key: AttestedKey): number {
  return (key.sealing.algorithm as RsaKeyAlgorithm).modulusLength;
}
