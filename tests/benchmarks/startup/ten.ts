import { empty, init } from "../../../mod.ts";

init.uniform(empty([10]));
