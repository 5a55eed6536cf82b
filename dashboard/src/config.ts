/** What the publish step tells the page about where it was deployed: `/config.json`, beside index.html. */

export interface Config {
  readonly region: string;
  readonly userPoolClientId: string;
  /** Where the user pool's sign-in pages are. */
  readonly loginUrl: string;
  readonly apiBase: string;
}

export class ConfigError extends Error {}

export function parseConfig(value: unknown): Config {
  const record = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  const text = (name: keyof Config): string => {
    const found = record[name];
    if (typeof found !== "string" || found === "") {
      throw new ConfigError(`config.json has no text under "${name}". Publish the dashboard again.`);
    }
    return found;
  };
  return {
    region: text("region"),
    userPoolClientId: text("userPoolClientId"),
    loginUrl: text("loginUrl").replace(/\/+$/, ""),
    apiBase: text("apiBase").replace(/\/+$/, ""),
  };
}

export async function loadConfig(fetcher: typeof fetch = fetch): Promise<Config> {
  const response = await fetcher("config.json", { cache: "no-store" });
  if (!response.ok) throw new ConfigError("config.json is missing beside the page. Publish the dashboard again.");
  let value: unknown;
  try {
    value = await response.json();
  } catch {
    throw new ConfigError("config.json is not JSON. Publish the dashboard again.");
  }
  return parseConfig(value);
}
