"""``python -m sim.scenario > scenarios/schema.json`` writes the schema for editors."""

import sys

from sim.scenario.schema import schema_text

if __name__ == "__main__":
    sys.stdout.write(schema_text())
