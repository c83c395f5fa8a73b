#!/usr/bin/env bash
# Counts files of a cluster by Hadoop Streaming: ngram-count is mapper, combiner and reducer, with no shell in between.
#
#     ./run.sh [OPTION of ngram-count]... -- INPUT... OUTPUT
#     ./run.sh -i v3 --pos drop -- /ngrams/eng/5-* /counts/eng-5
#
# INPUT and OUTPUT are files and folders of the cluster. OUTPUT must not be there yet. It gets a file for each reducer,
# and each word is in one of them: counts that ngram-count -i counts reads (-i v2 with --by).
#
# The environment:
#     STREAMING_JAR    hadoop-streaming-*.jar, by default the one under HADOOP_HOME
#     NGRAM_COUNT      the program (ngram-count on PATH). The nodes run it: link it statically, or build it on one of them
#     REDUCERS         how many reducers, so many files of output (16)
#     REDUCER_OPTIONS  options of the reducers alone, separated by blanks, such as --min-count=40
#     COMBINE          1 for a combiner. The mapper's output has each word once, so that it gains little (0)
#     MAP_MEMORY       MiB of a map's container; the mapper takes half of it (1536)
#     REDUCE_MEMORY    the same for reducers (3072)
#     JOB_OPTIONS      more options of the job, such as -Dmapreduce.job.queuename=night
#
# README.md beside this file says why each option is as it is.
set -euo pipefail

fail() {
    printf 'run.sh: %s\n' "$1" >&2
    exit 2
}

# The words of a command as Hadoop Streaming takes them apart: at blanks, except between quotes of one kind.
quoted() {
    local word text=
    for word; do
        case $word in
            '') fail 'Hadoop Streaming can pass no empty option' ;;
            *\'*\"* | *\"*\'*) fail "Hadoop Streaming can't pass both kinds of quotes in one option: $word" ;;
            *\'*) text+=" \"$word\"" ;;
            *) text+=" '$word'" ;;
        esac
    done
    printf '%s' "${text# }"
}

# Only options that say the same of a part as of the whole may go to the mappers.
by=word options=()
while (($# > 0)) && [[ $1 != -- ]]; do
    case $1 in
        --ignore-case | --skip-malformed | --*=*) words=("$1") ;;
        *) words=("$1" "${2-}") ;;
    esac
    case ${words[0]%%=*} in
        --by) by=${words[-1]#--by=} ;;
        -i | --input-format | --encoding | --skip-malformed | --tokens | --ngram) ;;
        -w | --word | --prefix | --regex | --exclude | --exclude-regex | --pos | --years | --ignore-case | --normalize) ;;
        --min-count | --max-count) fail "$1 goes by the sum of a word: put it into REDUCER_OPTIONS" ;;
        *) fail "a mapper can't have $1; count the result again with it: hdfs dfs -cat ... | ngram-count -i counts ..." ;;
    esac
    ((${#words[@]} <= $#)) || fail "$1 needs a value"
    options+=("${words[@]}")
    shift "${#words[@]}"
done
(($# >= 3)) || fail 'use it as ./run.sh [OPTION of ngram-count]... -- INPUT... OUTPUT'
inputs=("${@:2:$#-2}")
output=${!#}

# How counts are added up. With --by, a line of counts has a year.
adding=(-i counts)
[[ $by == word ]] || adding=(-i v2 --by "$by")

jars=${HADOOP_HOME:-/opt/hadoop}/share/hadoop/tools/lib/hadoop-streaming-*.jar
jar=${STREAMING_JAR:-$(compgen -G "$jars" | head -n 1)} ||
    fail 'say where hadoop-streaming-*.jar is, by STREAMING_JAR'
program=$(command -v "${NGRAM_COUNT:-ngram-count}") || fail 'say where ngram-count is, by NGRAM_COUNT'
map_memory=${MAP_MEMORY:-1536} reduce_memory=${REDUCE_MEMORY:-3072}

# Lines from the middle of something larger are taken as they are: their first bytes are no mark of a compression.
common=(./ngram-count --raw --sort none)
mapper=$(quoted "${common[@]}" --threads 1 --memory "$((map_memory / 2))MiB" "${options[@]}")
adder=$(quoted "${common[@]}" --threads 1 --memory "$((map_memory / 4))MiB" "${adding[@]}")
read -ra reducer_options <<<"${REDUCER_OPTIONS-}"
reducer=$(quoted "${common[@]}" --threads 1 --memory "$((reduce_memory / 2))MiB" "${adding[@]}" "${reducer_options[@]}")
read -ra job_options <<<"${JOB_OPTIONS-}"

job=(
    "-Dmapreduce.job.name=ngram-count $output"
    "-Dmapreduce.job.reduces=${REDUCERS:-16}"
    # A line ends at LF alone, as in ngram-count. Without this, it also ends at CR.
    "-Dtextinputformat.record.delimiter="$'\n'
    "-Dmapreduce.map.output.compress=true"
    "-Dmapreduce.map.memory.mb=$map_memory"
    "-Dmapreduce.reduce.memory.mb=$reduce_memory"
    "-Dmapreduce.map.java.opts=-Xmx$((map_memory * 3 / 8))m"
    "-Dmapreduce.reduce.java.opts=-Xmx$((reduce_memory * 3 / 8))m"
    "${job_options[@]}"
    -files "$program#ngram-count"
    -mapper "$mapper"
    -reducer "$reducer"
    -output "$output"
)
[[ ${COMBINE:-0} == 0 ]] || job+=(-combiner "$adder")
for input in "${inputs[@]}"; do
    job+=(-input "$input")
done
exec hadoop jar "$jar" "${job[@]}"
