import type { Route } from "../../routing/routes.ts";
import { CompaniesPage } from "./companies-page.tsx";
import { CompanyPage } from "./company-page.tsx";
import { EnrolPage } from "./enrol-page.tsx";
import { HistoryPage } from "./history-page.tsx";
import "./adhesion.css";

export const adhesionRoutes: readonly Route[] = [
  { path: "/empresas", page: CompaniesPage },
  { path: "/empresas/nova", page: EnrolPage },
  { path: "/empresas/:cnpj", page: CompanyPage },
  { path: "/empresas/:cnpj/historico", page: HistoryPage },
];
