import { useText } from "../../i18n/preferences.tsx";
import { Skeleton } from "../../parts/state-box.tsx";
import { Toolbar } from "../toolbar.tsx";

/** The first screen in its final layout while its figures are on their way. */
export function OverviewSkeleton() {
  const { t } = useText();
  return (
    <>
      <Toolbar>
        <Skeleton width={198} height={32} />
      </Toolbar>
      <main className="sheet" id="main" aria-busy="true" aria-label={t("state.loading")}>
        <div className="row g-hero">
          <div className="cell skeleton-cell">
            <Skeleton width="40%" height={14} />
            <Skeleton width="72%" height={52} />
            <Skeleton width="60%" height={18} />
          </div>
          <div className="cell skeleton-cell">
            <Skeleton width="50%" height={16} />
            <Skeleton width="100%" height={180} />
          </div>
        </div>
        <div className="row g-kpis">
          {[0, 1, 2, 3].map((card) => (
            <div key={card} className="cell skeleton-cell">
              <Skeleton width="50%" height={12} />
              <Skeleton width="70%" height={24} />
              <Skeleton width="60%" height={12} />
            </div>
          ))}
        </div>
        <div className="row g-two">
          {[0, 1].map((half) => (
            <div key={half} className="cell skeleton-cell">
              <Skeleton width="50%" height={16} />
              <Skeleton width="100%" height={220} />
            </div>
          ))}
        </div>
      </main>
    </>
  );
}
