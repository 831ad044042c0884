"""Fetches one source distribution, or unpacks an archive, and runs nothing of what is inside.

`pip download` would start the build backend of a source distribution to read its metadata. Here
pip's own finder names the file and pip's own session (with the user's index and proxy) loads it.
"""

import pathlib
import sys
import tarfile
import zipfile


def find(name, version):
    from pip._internal.commands import create_command
    from pip._vendor.packaging.specifiers import SpecifierSet

    command = create_command("download")
    options, _ = command.parse_args(["--no-deps", "--no-binary", ":all:", name])
    with command.main_context():
        session = command.get_default_session(options)
        finder = command._build_package_finder(options=options, session=session)
        wanted = SpecifierSet(f"=={version}") if version else None
        best = finder.find_best_candidate(name, wanted).best_candidate
        if best is None:
            sys.exit(f"{name}: no source distribution {version or ''}")
        answer = session.get(best.link.url_without_fragment)
        answer.raise_for_status()
        return best.link.filename, answer.content


def unpack(archive, folder):
    if archive.suffix in (".zip", ".whl"):
        zipfile.ZipFile(archive).extractall(folder)
    else:
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")


def main():
    task, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    if task == "fetch":
        name, content = find(sys.argv[3], sys.argv[4] if len(sys.argv) > 4 else None)
        archive = folder / name
        archive.write_bytes(content)
    else:
        archive = pathlib.Path(sys.argv[3])
    unpack(archive, folder / "source")
    archive.unlink()


main()
