"""The count with DuckDB: one SQL statement from file to file."""

import arguments
import duckdb

wanted = arguments.parse()


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def list_of(texts):
    return ", ".join(quoted(text) for text in texts)


# All is said, so that nothing has to be guessed from the first lines. No quotes: in these files a quote is a letter.
rows = f"""read_csv([{list_of(wanted.files)}], auto_detect = false, delim = '\t', header = false, quote = '', escape = '',
    columns = {{'word': 'VARCHAR', 'year': 'INTEGER', 'matches': 'UBIGINT', 'volumes': 'UINTEGER'}})"""
where = f"WHERE word IN ({list_of(wanted.words)})" if wanted.words else ""
order = "ORDER BY count DESC, word" if wanted.sort == "count" else ""

database = duckdb.connect()
database.execute(f"SET threads = {wanted.threads}")
if not order:
    # Lets it write as the results come.
    database.execute("SET preserve_insertion_order = false")
database.execute(
    f"""COPY (SELECT word, sum(matches) AS count FROM {rows} {where} GROUP BY word {order})
    TO {quoted(wanted.output)} (FORMAT csv, DELIMITER '\t', HEADER false, QUOTE '', ESCAPE '')"""
)
