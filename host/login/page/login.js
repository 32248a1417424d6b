// The login page with JavaScript: errors beside the form, and what the device says once somebody is logged in.
"use strict";

const byId = (id) => document.getElementById(id);

function showError(place, text) {
  byId(place).textContent = text;
  byId(place).hidden = text === "";
}

async function getJson(path) {
  const answer = await fetch(path, { headers: { Accept: "application/json" } });
  return answer.ok ? answer.json() : null;
}

function loginProblem(answer) {
  if (answer.status === 429) {
    const seconds = Number(answer.headers.get("Retry-After"));
    return seconds > 0 ? `Too many failed logins. Try again in ${seconds} s.` : "Too many failed logins. Try again later.";
  }
  if (answer.status === 400 || answer.status === 401 || answer.status === 403) return "The user name or the password is wrong.";
  return `The login failed (status ${answer.status}).`;
}

async function logIn(event) {
  event.preventDefault();
  const button = event.submitter ?? byId("login-form").querySelector("button");
  const body = new URLSearchParams({ user: byId("user").value, passwd: byId("passwd").value });
  button.disabled = true;
  showError("error", "");
  try {
    const answer = await fetch("/api/auth/login", { method: "POST", body });
    if (answer.ok) {
      byId("login-form").reset();
      await showStatus();
    } else {
      showError("error", loginProblem(answer));
      byId("passwd").select();
    }
  } catch {
    showError("error", "The device does not answer.");
  } finally {
    button.disabled = false;
  }
}

async function logOut() {
  try {
    const answer = await fetch("/api/auth/logout", { method: "POST" });
    if (answer.ok || answer.status === 401 || answer.status === 403) return showLogin();
  } catch {
    // Falls through to the message.
  }
  showError("status-error", "The logout failed: the device does not answer as it should.");
}

function showLogin() {
  byId("status").hidden = true;
  byId("login").hidden = false;
  byId("user").focus();
}

function durationText(seconds) {
  const days = Math.floor(seconds / 86400);
  const hours = Math.floor((seconds % 86400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return days > 0 ? `${days} d ${hours} h` : `${hours} h ${minutes} min`;
}

// Rows of what /api/info knows; every part of it may be missing.
function deviceRows(info) {
  const hw = info.hw ?? {};
  const kernel = info.system?.kernel;
  const temperature = hw.health?.temp?.cpu;
  const uptime = info.uptime?.total;
  return [
    ["Name", info.node?.host ?? info.meta?.server?.host],
    ["Hardware", hw.platform?.base],
    ["Serial number", hw.platform?.serial],
    ["System", kernel && `${kernel.system} ${kernel.release} (${kernel.machine})`],
    ["Temperature", typeof temperature === "number" ? `${temperature.toFixed(1)} °C` : null],
    ["Running for", typeof uptime === "number" ? durationText(uptime) : null],
  ].filter(([, value]) => value);
}

async function showDevice() {
  const answer = await getJson("/api/info").catch(() => null);
  const rows = answer?.result ? deviceRows(answer.result) : [];
  byId("device").replaceChildren(
    ...rows.flatMap(([name, value]) => {
      const term = document.createElement("dt");
      const text = document.createElement("dd");
      term.textContent = name;
      text.textContent = value;
      return [term, text];
    }),
  );
  byId("no-device").hidden = rows.length > 0;
}

function pluginRow(plugin) {
  const row = document.createElement("tr");
  const cells = [plugin.instance ?? plugin.name ?? plugin.id, plugin.state, plugin.reason].map((text) => {
    const cell = document.createElement("td");
    cell.textContent = text ?? "";
    return cell;
  });
  cells[1].className = plugin.state === "running" ? "good" : "bad";
  row.append(...cells);
  return row;
}

async function showPlugins() {
  const answer = await getJson("/api/v1/plugins").catch(() => null);
  const plugins = Array.isArray(answer) ? answer : answer?.plugins;
  byId("plugins").tBodies[0].replaceChildren(...(plugins ?? []).map(pluginRow));
  byId("plugins").hidden = !plugins?.length;
  byId("no-plugins").hidden = Boolean(plugins?.length);
  byId("no-plugins").textContent = plugins ? "No plugin is configured." : "Your role may not see the plugins.";
}

async function showStatus() {
  showError("status-error", "");
  await Promise.all([showDevice(), showPlugins()]);
  byId("login").hidden = true;
  byId("status").hidden = false;
  byId("status-title").focus();
}

byId("login-form").addEventListener("submit", logIn);
byId("logout").addEventListener("click", logOut);
fetch("/api/auth/check").then((answer) => (answer.ok ? showStatus() : null), () => null);
