// `npm test`: installs what is missing, builds what is stale, runs every test, and says how many passed.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { makeReady } from "./ready.mjs";
import { root } from "./root.mjs";

const help = `Usage: npm test -- [--deep] [FILTER…] [vitest options]

Runs the tests: all of them, or those whose path contains a FILTER.
The last line is "N passed, N failed".

  --deep    also the long ones (*.deep.test.ts)
  --help    this text
`;

/** Programs of the operating system that tests use, and where else they may be named. */
const systemPrograms = [
  { names: ["redis-server"], variable: "SALDO_REDIS_SERVER", debianPackage: "redis-server" },
  { names: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"], variable: "SALDO_CHROMIUM", debianPackage: "chromium" },
  { names: ["nginx"], variable: "SALDO_NGINX", debianPackage: "nginx" },
];

/** Where Debian keeps programs that are not on everyone's PATH. */
const systemFolders = ["/usr/sbin", "/usr/local/sbin"];

async function main(args) {
  if (args.includes("--help")) {
    process.stdout.write(help);
    return 0;
  }
  const deep = args.includes("--deep");
  const passedThrough = args.filter((arg) => arg !== "--deep");
  const everything = passedThrough.every((arg) => arg.startsWith("-"));
  await makeReady({ web: true });
  if (!installSystemPrograms(everything)) throw new Error("Not all of the tests can run.");
  return runVitest(passedThrough, deep);
}

/** Installs what is absent when it may; else says what to install. False when the tests cannot all run. */
function installSystemPrograms(everything) {
  const missing = systemPrograms.filter(isMissing);
  if (missing.length === 0) return true;
  const packages = missing.map(({ debianPackage }) => debianPackage);
  if (process.getuid?.() === 0 && onPath("apt-get")) {
    process.stderr.write(`Installing ${packages.join(", ")}…\n`);
    // The run level keeps a package from starting its service: the tests start their own.
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
    for (const apt of [["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", ...packages]]) {
      spawnSync("apt-get", apt, { stdio: ["ignore", "ignore", "inherit"], env });
    }
  }
  const still = systemPrograms.filter(isMissing);
  if (still.length === 0) return true;
  const names = still.map(({ debianPackage }) => debianPackage).join(" ");
  const variables = still.map(({ variable }) => variable).join(" and ");
  process.stderr.write(`The tests need ${names}. On Debian or Ubuntu: sudo apt-get install ${names}\nElsewhere install them your way, or name them by ${variables}.\n`);
  return !everything; // a part of the tests may do without
}

function isMissing({ names, variable }) {
  return !process.env[variable] && !names.some(onPath);
}

function onPath(name) {
  return [...(process.env.PATH ?? "").split(path.delimiter), ...systemFolders].some((folder) => folder !== "" && existsSync(path.join(folder, name)));
}

function runVitest(args, deep) {
  const folder = mkdtempSync(path.join(tmpdir(), "saldo-report-"));
  const report = path.join(folder, "report.json");
  try {
    const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs");
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const env = { ...process.env, ...(deep && { SALDO_TEST_DEEP: "1" }) };
    const { status } = spawnSync(process.execPath, [vitest, "run", ...reporters, ...args], { cwd: root, stdio: ["ignore", "inherit", "inherit"], env });
    const { passed, failed } = count(report, status);
    process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
    return failed === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Counts tests; a file that failed before its tests ran counts as one, and so does an error outside of any test. */
function count(report, status) {
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, "utf8"));
  const brokenFiles = testResults.filter((file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed")).length;
  const failed = numFailedTests + brokenFiles;
  return { passed: numPassedTests, failed: failed === 0 && status !== 0 ? 1 : failed };
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error) => {
    process.stderr.write(`${error.message}\n`);
    process.stdout.write("\n0 passed, 1 failed\n");
    process.exitCode = 1;
  },
);
