/** Everything edited as one zip file, out and in. Packed and unpacked here, so that no server ever unfolds an archive. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { strToU8, unzip, zip } from "fflate";
import { useState } from "react";
import type { BundleFile, Problem } from "../web/api-types.ts";
import { call, Refused } from "./api.ts";
import { Dialog, Refusal } from "./parts.tsx";
import { linkTo } from "./route.ts";
import { useSpeech } from "./speech.tsx";

/** Larger than all texts of an installation together; more would only be to do harm. */
const MAX_ZIP_BYTES = 8_000_000;
const MAX_FILE_BYTES = 1_000_000;
const MAX_ALL_BYTES = 15_000_000;
const MAX_FILES = 5_000;
const EDITED = /^(flows|knowledge)\/.+\.(yaml|md)$/;

interface Taken {
  readonly taken: readonly string[];
  readonly same: number;
  readonly other: readonly string[];
}

export function FilesDialog({ onClose }: { onClose: () => void }) {
  const speech = useSpeech();
  const { t } = speech;
  const queries = useQueryClient();
  const [unreadable, setUnreadable] = useState<Unreadable | null>(null);
  const out = useMutation({
    mutationFn: async () => {
      const { files } = await call<{ files: readonly BundleFile[] }>("content/files");
      save(await packed(files), "ben-an.zip");
    },
  });
  const into = useMutation({
    mutationFn: async (file: File) => {
      setUnreadable(null);
      const files = await unpacked(file).catch((why) => {
        setUnreadable(why instanceof Unreadable ? why : new Unreadable("import_unreadable"));
        return null;
      });
      if (!files) return null;
      return call<Taken>("content/import", { files });
    },
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["items"] }),
  });
  const problems: readonly Problem[] = into.error instanceof Refused ? into.error.problems : [];
  return (
    <Dialog title={t("files")} onClose={onClose}>
      <button type="button" className="wide" disabled={out.isPending} onClick={() => out.mutate()}>
        {t("export_files")}
      </button>
      <Refusal error={out.error} />
      <h3 className="files-into">{t("import_files")}</h3>
      <p>{t("import_explain")}</p>
      <div className="field">
        <label htmlFor="import-zip">{t("import_choose")}</label>
        <input
          id="import-zip"
          type="file"
          accept=".zip,application/zip"
          disabled={into.isPending}
          onChange={(e) => {
            const file = e.target.files?.[0];
            if (file) into.mutate(file);
            e.target.value = "";
          }}
        />
      </div>
      {into.isPending && (
        <p role="status" className="hint">
          {t("checking")}
        </p>
      )}
      {unreadable && (
        <div className="refusal" role="alert">
          <span>
            {unreadable.file && <code>{unreadable.file}</code>} {t(unreadable.word)}
          </span>
        </div>
      )}
      {problems.length === 0 && <Refusal error={into.error} />}
      {problems.length > 0 && (
        <div className="refusal" role="alert">
          {t("import_nothing")}
        </div>
      )}
      {problems.length > 0 && (
        <ul className="problem-list">
          {problems.map((p) => (
            <li key={`${p.code} ${p.file} ${p.line} ${p.field}`}>
              <b>
                {p.file}
                {p.line ? `:${p.line}` : ""}
              </b>{" "}
              {speech.problem(p)}
            </li>
          ))}
        </ul>
      )}
      {into.data && (
        <>
          <p role="status">
            {into.data.taken.length} {t("import_done")}, {into.data.same} {t("import_same")},{" "}
            {into.data.other.length} {t("import_other")}.
          </p>
          <ul className="problem-list">
            {into.data.taken.map((name) => (
              <li key={name}>
                <TakenLink name={name} onClick={onClose} />
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  );
}

/** What is a draft now and waits to be read: "article:contact-ban". */
function TakenLink({ name, onClick }: { name: string; onClick: () => void }) {
  const { named } = useSpeech();
  const [kind = "", key = ""] = name.split(/:(.*)/s);
  return (
    <a href={linkTo("content", kind, key)} onClick={onClick}>
      {named("kind_", kind)}: {key}
    </a>
  );
}

function packed(files: readonly BundleFile[]): Promise<Uint8Array<ArrayBuffer>> {
  const tree = Object.fromEntries(files.map(({ path, text }) => [path, strToU8(text)]));
  return new Promise((resolve, reject) => {
    zip(tree, { level: 6 }, (error, bytes) => (error ? reject(error) : resolve(bytes)));
  });
}

/** Why a zip file was not taken, and which file in it if it was one. */
class Unreadable extends Error {
  readonly word: "import_unreadable" | "import_too_large" | "import_empty" | "import_not_utf8";
  readonly file: string | undefined;
  constructor(word: Unreadable["word"], file?: string) {
    super(word);
    this.word = word;
    this.file = file;
  }
}

/** Rejects what is no zip, or more than anybody edits; sizes are looked at before anything is unfolded. */
async function unpacked(file: File): Promise<BundleFile[]> {
  if (file.size > MAX_ZIP_BYTES) throw new Unreadable("import_too_large");
  const bytes = new Uint8Array(await file.arrayBuffer());
  let all = 0;
  let count = 0;
  let tooMuch: string | null = null;
  const entries = await new Promise<Record<string, Uint8Array>>((resolve, reject) => {
    const filter = ({ name, originalSize }: { name: string; originalSize: number }) => {
      if (!EDITED.test(inRoot(name))) return false;
      all += originalSize;
      count += 1;
      if (originalSize > MAX_FILE_BYTES || all > MAX_ALL_BYTES || count > MAX_FILES) tooMuch ??= name;
      return tooMuch === null;
    };
    unzip(bytes, { filter }, (error, found) => (error ? reject(error) : resolve(found)));
  });
  if (tooMuch !== null) throw new Unreadable("import_too_large", tooMuch);
  if (count === 0) throw new Unreadable("import_empty");
  const words = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  return Object.entries(entries).map(([name, data]) => {
    try {
      return { path: inRoot(name), text: words.decode(data) };
    } catch {
      throw new Unreadable("import_not_utf8", name);
    }
  });
}

/** Some programs put everything into a folder of the archive's own name. */
function inRoot(name: string): string {
  return name.replaceAll("\\", "/").replace(/^(?!(?:flows|knowledge)\/)[^/]+\/(?=(?:flows|knowledge)\/)/, "");
}

function save(bytes: Uint8Array<ArrayBuffer>, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: "application/zip" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
