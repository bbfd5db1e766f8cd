/** The ear as published, built once for the tests of this folder. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { makeEar } from "../../../bot/core/triage/assess.ts";
import { readModel } from "../../../bot/core/triage/model.ts";
import { readRiskFolder } from "../../../bot/tools/read-risk.ts";

export const RISK = fileURLToPath(new URL("../../../knowledge/risk", import.meta.url));
export const published = readRiskFolder(RISK);
export const storedModel: unknown = JSON.parse(readFileSync(`${RISK}/model.json`, "utf8"));
export const model = readModel(storedModel, "model.json").model;
export const ear = makeEar(published.rules, model);
