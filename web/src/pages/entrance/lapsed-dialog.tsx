import type { JSX } from "preact";

import { Dialog } from "../../components/dialog.tsx";
import { EntrancePage } from "./entrance-page.tsx";

export function LapsedDialog(): JSX.Element {
  return (
    <Dialog title="O seu acesso venceu">
      <EntrancePage />
    </Dialog>
  );
}
