"""python -m bpstudio"""

import sys

from bpstudio.cli import main

if __name__ == "__main__":
    sys.exit(main())
