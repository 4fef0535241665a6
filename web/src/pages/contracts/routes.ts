import type { Route } from "../../routing/routes.ts";
import { OneContractPage } from "./contract-page.tsx";
import { ContractsPage } from "./contracts-page.tsx";
import { OneImportPage } from "./import-page.tsx";
import { ImportsPage } from "./imports-page.tsx";
import { RegistryPage } from "./registry-page.tsx";

export const contractsRoutes: readonly Route[] = [
  { path: "/contratos", page: ContractsPage },
  { path: "/contratos/importacoes", page: ImportsPage },
  { path: "/contratos/importacoes/:codigo", page: OneImportPage },
  { path: "/contratos/consulta", page: RegistryPage },
  { path: "/contratos/consulta/:lista", page: RegistryPage },
  { path: "/contratos/:id", page: OneContractPage },
];
