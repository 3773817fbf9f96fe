/**
 * A Slurm of one node on this machine, for a test: a controller and a node that
 * listen on the loopback alone, without accounting, cgroups or munge.
 *
 * @module
 */

/** A running Slurm. */
export interface Slurm extends AsyncDisposable {
  /** What its commands need in their environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** Ports that Slurm itself does not use, beside another one. */
const ports = { controller: 26817, node: 26818 };

/** How long it may take to start, in seconds. */
const patience = 60;

/**
 * Starts Slurm. Its state and logs are in the folder.
 *
 * @param folder A folder of its own.
 * @throws {Error} If it does not start; with its logs in the message.
 */
export async function startSlurm(folder: string): Promise<Slurm> {
  const env = { SLURM_CONF: `${folder}/slurm.conf` };
  await Deno.writeTextFile(env.SLURM_CONF, await configuration(folder));
  for (const name of ["state", "spool"]) await Deno.mkdir(`${folder}/${name}`);
  const daemons = ["slurmctld", "slurmd"].map((name) =>
    new Deno.Command(name, {
      args: ["-D"],
      env,
      stdout: "null",
      stderr: "null",
    }).spawn()
  );
  const stop = async () => {
    for (const daemon of daemons.toReversed()) {
      try {
        daemon.kill("SIGTERM");
      } catch {
        // It has ended.
      }
      await daemon.status;
    }
  };
  for (let second = 0; second < patience; second++) {
    if (/\bidle\b/.test(await output("sinfo", ["-h", "-o", "%T"], env))) {
      return { env, [Symbol.asyncDispose]: stop };
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  await stop();
  throw new Error(`Slurm does not start:\n${await logs(folder)}`);
}

/**
 * Returns what a command writes to its standard output.
 *
 * @param command The command.
 * @param args Its arguments.
 * @param env Its environment, in addition to that of this process.
 */
export async function output(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const { stdout } = await new Deno.Command(command, {
    args: [...args],
    env,
    stderr: "inherit",
  }).output();
  return new TextDecoder().decode(stdout);
}

async function configuration(folder: string): Promise<string> {
  const host = Deno.hostname();
  const user = (await output("id", ["-un"], {})).trim();
  return `ClusterName=test
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${ports.controller}
SlurmdPort=${ports.node}
SlurmUser=${user}
SlurmdUser=${user}
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
AuthType=auth/none
CredType=cred/none
ProctrackType=proctrack/pgid
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd.log
NodeName=${host} NodeAddr=127.0.0.1 CPUs=${navigator.hardwareConcurrency}
PartitionName=all Nodes=ALL Default=YES State=UP
`;
}

async function logs(folder: string): Promise<string> {
  const texts = ["slurmctld.log", "slurmd.log"].map((name) =>
    Deno.readTextFile(`${folder}/${name}`).catch(() => `no ${name}`)
  );
  return (await Promise.all(texts)).join("\n");
}
