import { useCallback, useEffect, type ReactNode } from "react";
import type { Session } from "../bridge/contract/session.ts";
import { PreferencesProvider, useText } from "./i18n/preferences.tsx";
import { ErrorBox } from "./parts/state-box.tsx";
import { ToastProvider, useToast } from "./parts/toast.tsx";
import { AdvicePage } from "./screens/advice/advice-page.tsx";
import { AttentionPage } from "./screens/attention-page.tsx";
import { CompanyPage } from "./screens/company-page.tsx";
import { DetailPage } from "./screens/detail/detail-page.tsx";
import { FindingsPage } from "./screens/findings/findings-page.tsx";
import { ForecastPage } from "./screens/forecast/forecast-page.tsx";
import { CategoriesPage } from "./screens/categories/categories-page.tsx";
import { ReviewPage } from "./screens/categories/review-page.tsx";
import { DropAnywhere } from "./screens/import/drop-zone.tsx";
import { ImportPage } from "./screens/import/import-page.tsx";
import { InspectorPage } from "./screens/inspector-page.tsx";
import { NotFound } from "./screens/not-found.tsx";
import { Overview } from "./screens/overview/overview.tsx";
import { Shell } from "./screens/shell.tsx";
import { SetAsideNotices } from "./screens/set-aside-notice.tsx";
import { SignIn } from "./screens/sign-in.tsx";
import { Starting } from "./screens/starting.tsx";
import { TransactionsPage } from "./screens/transactions/transactions-page.tsx";
import { Unopened } from "./screens/unopened.tsx";
import { CoreProvider, useCore, useWatch, type Core } from "./state/bridge.tsx";
import { ImportProvider } from "./state/import-flow.tsx";
import { ReviewCountsProvider } from "./state/review-counts.tsx";
import { useRoute } from "./state/route.tsx";
import { useUndoKeys } from "./state/undo-keys.ts";

/** The web app over a core. */
export function App({ core }: { readonly core: Core }) {
  return (
    <PreferencesProvider>
      <CoreProvider core={core}>
        <ToastProvider>
          <SetAsideNotices />
          <Gate />
        </ToastProvider>
      </CoreProvider>
    </PreferencesProvider>
  );
}

/** Who is not signed in sees one sheet; who is, the books. */
function Gate() {
  const { value, error, retry } = useWatch("session.watch", {});
  if (error !== undefined) {
    return (
      <main className="gate" id="main">
        <ErrorBox error={error} onRetry={retry} />
      </main>
    );
  }
  if (value === undefined) return <Starting />;
  if (value.unopened !== undefined) return <Unopened unopened={value.unopened} />;
  if (!value.signedIn) return <SignIn />;
  return <Books key={value.workspace?.id ?? ""} session={value} />;
}

function Books({ session }: { readonly session: Session }) {
  useUndoKeys();
  return (
    <ImportWithUndo>
      <ReviewCountsProvider>
        <Shell session={session}>
          <Page />
        </Shell>
      </ReviewCountsProvider>
      <DropAnywhere />
    </ImportWithUndo>
  );
}

function ImportWithUndo({ children }: { readonly children: ReactNode }) {
  const { t } = useText();
  const core = useCore();
  const toast = useToast();
  const onAdded = useCallback(
    (importId: string, rowsAdded: number) => {
      const undo = async (): Promise<void> => {
        await core.call("import.undo", { importId });
        toast(t("import.undone"));
      };
      toast(t("import.added", { count: rowsAdded }), {
        label: t("action.undo"),
        run: () => void undo().catch(() => toast(t("import.undoFailed"))),
      });
    },
    [core, toast, t],
  );
  return <ImportProvider onAdded={onAdded}>{children}</ImportProvider>;
}

const pages: Readonly<Record<string, { readonly title: Parameters<ReturnType<typeof useText>["t"]>[0]; readonly page: () => ReactNode }>> = {
  "/": { title: "nav.overview", page: () => <Overview /> },
  "/detail": { title: "nav.detail", page: () => <DetailPage /> },
  "/findings": { title: "nav.findings", page: () => <FindingsPage /> },
  "/advice": { title: "nav.advice", page: () => <AdvicePage /> },
  "/forecast": { title: "nav.forecast", page: () => <ForecastPage /> },
  "/transactions": { title: "nav.transactions", page: () => <TransactionsPage /> },
  "/review": { title: "review.title", page: () => <ReviewPage /> },
  "/categories": { title: "chart.title", page: () => <CategoriesPage /> },
  "/import": { title: "nav.import", page: () => <ImportPage /> },
  "/company": { title: "company.title", page: () => <CompanyPage /> },
  "/inspector": { title: "inspector.title", page: () => <InspectorPage /> },
  "/attention": { title: "attention.short", page: () => <AttentionPage /> },
};

function Page() {
  const { t } = useText();
  const { path } = useRoute();
  const found = pages[path];
  const title = found === undefined ? t("notFound.title") : t(found.title);
  useEffect(() => {
    document.title = `${title} · Saldo`;
  }, [title]);
  return found === undefined ? <NotFound /> : found.page();
}
