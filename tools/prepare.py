#!/usr/bin/env python3
"""Prepare a checkout: ``.venv`` with the package in it, Debian's Qt runtime libraries and, for tests, its Chromium.

Standard library only, for it runs before anything is installed: ``python3 tools/prepare.py run|dev``. It says in one
sentence what is missing and the exact command that brings it. A stamp in ``.venv`` makes the second call instant.
CONTRIBUTING.md explains how torch is chosen.
"""

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
TORCH = "2.13.0"
# PyTorch's own index of wheels without CUDA; asked only when pip as configured knows of no such wheel.
TORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu"
EXTRAS = {"run": "", "dev": "[dev,train]"}

# What Qt's own libraries and the plugins this application uses link to, and Debian's package for each.
QT_ALWAYS = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libbrotlidec.so.1": "libbrotli1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
# Only a window on X11 or Wayland needs these; without a screen the application runs without them.
QT_ON_A_SCREEN = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
# Any of these plays the SCORM packages that the tests make.
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main() -> None:
    """Prepare for running (``run``) or for tests and linters (``dev``)."""
    if sys.version_info < (3, 11):  # noqa: UP036 - the one file that an older Python may meet
        stop(
            f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}: name another with make PYTHON=..."
        )
    if len(sys.argv) != 2 or sys.argv[1] not in EXTRAS:
        stop("usage: prepare.py run|dev", status=2)
    prepare_qt()
    if sys.argv[1] == "dev":
        prepare_browser()
    prepare_environment(sys.argv[1])


def stop(sentence: str, status: int = 1) -> NoReturn:
    """End with one sentence on stderr."""
    print(sentence, file=sys.stderr)
    raise SystemExit(status)


def say(sentence: str) -> None:
    """Tell what is being done; installation takes minutes the first time."""
    print(sentence, file=sys.stderr, flush=True)


def has_screen() -> bool:
    """True where a window could be shown."""
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def missing_libraries(libraries: "dict[str, str]") -> "list[str]":
    """Debian packages of those libraries that the loader does not find."""
    packages = []
    for name, package in libraries.items():
        try:
            ctypes.CDLL(name)
        except OSError:
            packages.append(package)
    return packages


def prepare_qt() -> None:
    """See that Qt's system libraries are there. A screen's own are demanded only where there is a screen."""
    if sys.platform != "linux":
        return
    missing = missing_libraries(QT_ALWAYS | QT_ON_A_SCREEN)
    if not missing:
        return
    apt_install(missing)
    needed = QT_ALWAYS | QT_ON_A_SCREEN if has_screen() else QT_ALWAYS
    if still := missing_libraries(needed):
        if shutil.which("apt-get"):
            stop(f"Qt needs libraries of the system: run  sudo apt-get install -y {' '.join(still)}")
        stop(f"Qt needs libraries of the system, in Debian's names: {' '.join(still)}")


def prepare_browser() -> None:
    """See that there is a Chromium. Without it the tests that play SCORM packages are skipped, and no others."""
    if sys.platform != "linux" or any(map(shutil.which, BROWSERS)):
        return
    apt_install(["chromium"])
    if not any(map(shutil.which, BROWSERS)):
        say(
            "No Chromium, so SCORM packages are not played in the tests: run  sudo apt-get install -y chromium"
        )


def apt_install(packages: "list[str]") -> None:
    """Install Debian packages where this is root; elsewhere the caller prints the command."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return
    say(f"Installing from Debian: {' '.join(packages)}")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "DEBCONF_NOWARNINGS": "yes"}
    for command in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", *command], env=environment, stdout=subprocess.DEVNULL, check=False)


def environment_python() -> Path:
    """The interpreter inside ``.venv``."""
    return ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def prepare_environment(purpose: str) -> None:
    """Make ``.venv`` and install the package with the extras of ``purpose``, unless the stamp says it is done."""
    stamp = ENVIRONMENT / f".prepared-{purpose}"
    wanted = fingerprint()
    if stamp.is_file() and stamp.read_text() == wanted and runs(environment_python()):
        return
    if not runs(environment_python()):
        make_environment()
    torch = install_torch()
    say("Installing DermTutor and what it needs.")
    # The build looks for this folder even where the weights are not there; the application itself says so then.
    (ROOT / "weights").mkdir(exist_ok=True)
    # Naming the installed torch again keeps pip from ever replacing it with another build.
    if not pip("install", f"torch=={torch}", "--editable", f"{ROOT}{EXTRAS[purpose]}"):
        stop("The packages could not be installed: see pip's message above, then run the same command again.")
    stamp.write_text(wanted)


def fingerprint() -> str:
    """Changes with the interpreter, the dependencies and this script: then everything is checked anew."""
    files = (ROOT / "pyproject.toml").read_bytes() + Path(__file__).read_bytes()
    return hashlib.sha256(sys.version.encode() + files).hexdigest()


def runs(python: Path) -> bool:
    """True when the environment's interpreter starts; a moved or half-made environment does not."""
    return (
        python.exists() and subprocess.run([python, "-c", "import pip"], capture_output=True).returncode == 0
    )


def make_environment() -> None:
    """A new virtual environment in ``.venv``."""
    if importlib.util.find_spec("ensurepip") is None:
        apt_install(["python3-venv"])
        importlib.invalidate_caches()
        if importlib.util.find_spec("ensurepip") is None:
            stop("Python cannot make virtual environments yet: run  sudo apt-get install -y python3-venv")
    say(f"Making a virtual environment in {ENVIRONMENT}.")
    if subprocess.run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT]).returncode != 0:
        stop(f"The virtual environment {ENVIRONMENT} could not be made: see the message above.")


def pip(*arguments: str, quiet: bool = False) -> bool:
    """Run pip in the environment; True when it succeeded. On a terminal its progress shows."""
    command = [str(environment_python()), "-m", "pip", "--disable-pip-version-check", *arguments]
    if quiet or not sys.stdout.isatty():
        command.append("--quiet")
    return subprocess.run(command, capture_output=quiet).returncode == 0


def has_nvidia_gpu() -> bool:
    """True when NVIDIA's driver lists a GPU."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return False
    listing = subprocess.run([tool, "-L"], capture_output=True, text=True)
    return listing.returncode == 0 and "GPU" in listing.stdout


def install_torch() -> str:
    """Install torch unless it is there; returns its version.

    On Linux without an NVIDIA GPU only the build ``+cpu`` is ever asked for, so no CUDA package can come along.
    PyPI holds no such build, pip may be set up with a place that does, and PyTorch's own index always does.
    """
    installed = installed_torch()
    if installed.split("+")[0] == TORCH:
        return installed
    if sys.platform != "linux" or has_nvidia_gpu():
        say(f"Installing torch {TORCH}.")
        done = pip("install", f"torch=={TORCH}")
    else:
        cpu_build = f"torch=={TORCH}+cpu"
        say(f"Installing torch {TORCH} without CUDA: no NVIDIA GPU here.")
        done = pip("install", cpu_build, quiet=True) or pip(
            "install", "--no-deps", "--index-url", TORCH_CPU_INDEX, cpu_build
        )
    if not done:
        stop(
            f"torch {TORCH} could not be installed: see pip's message above, then run the same command again."
        )
    return installed_torch()


def installed_torch() -> str:
    """Version of torch in the environment, or an empty text. Read from its metadata, without importing it."""
    code = "from importlib.metadata import version; print(version('torch'))"
    found = subprocess.run([environment_python(), "-c", code], capture_output=True, text=True)
    return found.stdout.strip() if found.returncode == 0 else ""


if __name__ == "__main__":
    main()
