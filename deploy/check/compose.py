"""Holds docker-compose.yml to what it is made of: the settings the program knows, the secrets that
scripts/init-env makes, the names in the Caddyfile, the files it mounts.

    compose.py PROGRAM ENV_FILE      from the root of the project; prints what is wrong
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from ruamel.yaml import YAML

program, env_file = sys.argv[1:]
text = Path("docker-compose.yml").read_text()
compose = YAML(typ="safe", pure=True).load(text)
services = compose["services"]
wrong = []


def hold(right, words):
    if not right:
        wrong.append(words)


def run(*words):
    return subprocess.run([program, *words], capture_output=True, text=True, env={"COLUMNS": "200"})


# Every variable is made by init-env or has a default; every secret that is missing is told of.
made = dict(line.split("=", 1) for line in Path(env_file).read_text().splitlines())
profiles = made.pop("COMPOSE_PROFILES")
used = {}
for name, rest in re.findall(r"\$\{(\w+)([^}]*)\}", text):
    used.setdefault(name, set()).add(rest)
for name, rests in used.items():
    if name in made:
        hold(":?run scripts/init-env" in rests, f"{name}: nothing says that it is missing")
        hold(all(rest in ("", ":?run scripts/init-env") for rest in rests), f"{name}: a default for what is generated")
    else:
        hold(all(rest.startswith(":-") for rest in rests), f"{name}: neither generated nor has it a default")
for name in made:
    hold(name in used, f"{name}: generated for nothing")
known_profiles = {profile for service in services.values() for profile in service.get("profiles", [])}
hold(profiles in known_profiles, f"COMPOSE_PROFILES: no service is in {profiles}")

# The program knows every setting, here and in its image, and every command.
known = set(re.findall(r"\[env: (\w+)", run("serve", "--help").stdout))
hold(known, "serve --help names no settings")
dockerfile = Path("deploy/Dockerfile").read_text()
for line in re.findall(r"^ENV (.*)$", dockerfile, re.M):
    for pair in line.split():
        hold(pair.split("=")[0] in known, f"deploy/Dockerfile: the program does not know {pair}")
for name, service in services.items():
    if "build" not in service:
        continue
    for setting in service["environment"]:
        hold(setting in known, f"{name}: the program does not know {setting}")
    for command in service.get("command", ["serve"])[:1]:
        hold(run(command, "--help").returncode == 0, f"{name}: the program has no command {command}")
    grace = int(service["stop_grace_period"].removesuffix("s"))
    hold(grace > 10, f"{name}: is killed before it has drained")

# Caddy is given what its file asks for, and nothing else.
asked = dict(re.findall(r"\{\$(\w+)(:[^}]*)?\}", Path("deploy/Caddyfile").read_text()))
given = services["caddy"]["environment"]
for name, default in asked.items():
    hold(default or name in given, f"caddy: {name} is not set")
for name in given:
    hold(name in asked, f"caddy: {name} is set and not read")
instances = [name for name, service in services.items() if "build" in service and "command" not in service]
hold(given["INSTANCES"].split() == [f"{name}:3000" for name in instances], f"caddy: the instances are {instances}")

for name, service in services.items():
    tag = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", service["image"]).partition(":")[2]
    hold(tag and not tag.startswith("latest"), f"{name}: the image has no fixed version")
    hold("healthcheck" in service or "build" in service or name.endswith("-setup"), f"{name}: no health check")
    mounted = {}
    for volume in service.get("volumes", []):
        source, target = volume.split(":")[:2]
        if source.startswith("."):
            hold(Path(source).exists(), f"{name}: {source} is not there")
            mounted[target] = source
    entry = service.get("entrypoint", [""])[0]
    for target, source in mounted.items():
        if entry == target or entry.startswith(target + "/"):
            hold(os.access(source + entry.removeprefix(target), os.X_OK), f"{name}: {entry} is no program")

# The image is built from all that the program under test was built from.
record = Path(program + ".d")
if record.exists():
    copied = re.findall(r"^COPY ([^-].*) \S+$", dockerfile.split(" AS server")[1].split("\nFROM")[0], re.M)
    copied = [path for line in copied for path in line.split()] + ["client/dist"]
    paths = (os.path.realpath(path) for path in record.read_text().split(": ", 1)[1].split())
    inside = [path.removeprefix(os.getcwd() + "/") for path in paths if path.startswith(os.getcwd() + "/")]
    for path in inside:
        hold(any(path == one or path.startswith(one + "/") for one in copied), f"deploy/Dockerfile: {path} is not copied")

print("\n".join(f"studyrooms: {words}" for words in wrong), file=sys.stderr, end="\n" if wrong else "")
sys.exit(bool(wrong))
