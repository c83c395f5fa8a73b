"""The count with ClickHouse, in this process by way of chdb."""

import arguments
import chdb

wanted = arguments.parse()


def quoted(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


# TSVRaw: in these files a backslash is a letter, as is a quote.
columns = "word String, year UInt16, matches UInt64, volumes UInt32"
name = wanted.files[0] if len(wanted.files) == 1 else "{" + ",".join(wanted.files) + "}"
where = f"WHERE word IN ({', '.join(map(quoted, wanted.words))})" if wanted.words else ""
order = "ORDER BY count DESC, word" if wanted.sort == "count" else ""
chdb.query(
    f"""SELECT word, sum(matches) AS count FROM file({quoted(name)}, 'TSVRaw', {quoted(columns)})
    {where} GROUP BY word {order} INTO OUTFILE {quoted(wanted.output)} TRUNCATE FORMAT TSVRaw
    SETTINGS max_threads = {wanted.threads}"""
)
