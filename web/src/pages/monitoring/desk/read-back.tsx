import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { Button } from "../../../components/button.tsx";
import { Confirmation } from "../../../components/dialog.tsx";
import { Failure } from "../../../components/notice.tsx";
import { NoReader } from "./no-reader.tsx";

export interface ReadBackProps {
  /** Whether something typed would be lost: then it asks first. */
  readonly unsaved: boolean;
  /** A question that names what takes the place of what was typed. */
  readonly title: string;
  readonly confirm: string;
  readonly read: () => Promise<unknown>;
}

/** What was delivered, read by the enclave for its readers, in the place of what is in the fields. */
export function ReadBack({ unsaved, title, confirm, read }: ReadBackProps): JSX.Element {
  const [asking, setAsking] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);

  async function go(): Promise<void> {
    setAsking(false);
    setFailure(null);
    try {
      await read();
    } catch (error) {
      setFailure(error);
    }
  }

  return (
    <div class="stack tight">
      <div>
        <Button onPress={() => (unsaved ? setAsking(true) : go())}>Ler o que foi entregue</Button>
      </div>
      {failure !== null && <Failure error={failure} />}
      <NoReader error={failure} />
      {asking && (
        <Confirmation title={title} confirm={confirm} kind="danger" onConfirm={go} onCancel={() => setAsking(false)}>
          <p>O que está nos campos e ainda não foi entregue se perde.</p>
        </Confirmation>
      )}
    </div>
  );
}
