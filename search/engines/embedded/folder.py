"""One index on disk: its readers, its one writer, the versions it has seen."""

import json
from pathlib import Path

import tantivy

from search.engines.base import Write, WriterBusy
from search.engines.embedded.queries import term
from search.engines.embedded.schema import THE_SCHEMA, register, to_tantivy
from search.engines.naming import Naming

HEAP = 30_000_000
NAMES = "names.json"  # those that it knows: see search/engines/naming.py


class Folder:
    """One index on disk: its readers, its writer, the versions it has seen."""

    def __init__(self, path: Path, create: Naming | None = None):
        """An index that is not there is made only on request, with the names that it
        will know: FileNotFoundError."""
        if create is not None:
            path.mkdir(parents=True, exist_ok=True)
            (path / NAMES).write_text(json.dumps(create.as_json()), encoding="utf-8")
        elif not (path / "meta.json").is_file():
            raise FileNotFoundError(path)
        self.path = path
        self.naming = Naming(json.loads((path / NAMES).read_text(encoding="utf-8")))
        self.index = tantivy.Index(THE_SCHEMA, str(path))
        register(self.index)
        self.index.reload()
        # Versions of what was written since this process started, removals included.
        # An older write in flight can only come from this process, so that is enough;
        # what was there before has its version in the index.
        self.versions: dict[str, int] = {}
        self._writer = None

    @property
    def searcher(self) -> tantivy.Searcher:
        return self.index.searcher()

    @property
    def writer(self) -> tantivy.IndexWriter:
        if self._writer is None:
            try:
                self._writer = self.index.writer(HEAP, 1)
            except ValueError as error:
                raise WriterBusy(str(error)) from error
        return self._writer

    def version_of(self, key: str, searcher: tantivy.Searcher) -> int:
        if key not in self.versions:
            found = searcher.search(term("key", key), 1, count=False).hits
            self.versions[key] = (
                searcher.doc(found[0][1])["version"][0] if found else -1
            )
        return self.versions[key]

    def write(self, writes: list[Write]) -> None:
        writer, searcher = self.writer, self.searcher
        before = {}
        try:
            for write in writes:
                if write.version < self.version_of(write.key, searcher):
                    continue
                before.setdefault(write.key, self.versions[write.key])
                self.versions[write.key] = write.version
                writer.delete_documents_by_term("key", write.key)
                if write.document:
                    writer.add_document(
                        to_tantivy(write.document, write.version, self.naming)
                    )
            writer.commit()
        except Exception:
            self.versions.update(before)
            writer.rollback()
            raise
        self.index.reload()

    def close(self) -> None:
        if self._writer is not None:
            self._writer.wait_merging_threads()
            self._writer = None
