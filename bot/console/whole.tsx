/** What breaks in a screen breaks only that screen: duty and alarm round it go on. */

import { Component, type ReactNode } from "react";
import { Icon } from "./parts.tsx";
import { useSpeech } from "./speech.tsx";

/** Shows its children, or what to do when they cannot be shown: a part that did not load, a fault of ours. */
export class Whole extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false };
  static getDerivedStateFromError() {
    return { isBroken: true };
  }
  override render() {
    return this.state.isBroken ? <Broken /> : this.props.children;
  }
}

function Broken() {
  const { t } = useSpeech();
  return (
    <div className="sheet">
      <h1>{t("screen_broke")}</h1>
      <div className="refusal" role="alert">
        <Icon name="warn" /> <span>{t("screen_broke_hint")}</span>
        <button type="button" onClick={() => location.reload()}>
          {t("load_again")}
        </button>
      </div>
    </div>
  );
}
