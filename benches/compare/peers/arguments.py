"""The command line that all peers written in Python have in common."""

import argparse


def parse():
    """What is to be counted: files, threads, output, sort ("count" or "none"), word or words (a list), or neither."""
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="+")
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--sort", choices=["count", "none"], default="count")
    parser.add_argument("--word", action="append", dest="words", help="only this word; may be repeated")
    parser.add_argument("--words-from", help="only the words of this file, one a line")
    arguments = parser.parse_args()
    if arguments.words_from:
        with open(arguments.words_from, encoding="utf-8", newline="\n") as lines:
            arguments.words = lines.read().splitlines()
    return arguments
