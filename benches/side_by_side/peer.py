"""Runs another tool once over a case and prints its seconds and metrics as JSON: peer.py FOLDER TOOL CASE_FOLDER RTDOSE

FOLDER holds the tools and their runner, made by the shared setup.sh; it is the working folder.
"""

import json
import sys
import tempfile

folder, tool, case, dose = sys.argv[1:]
sys.path.insert(0, folder)
import run_peers

structures, images = f"{case}/RS.dcm", f"{case}/CT"
with tempfile.TemporaryDirectory() as scratch:
    if tool == "dicompyler-core":
        found, seconds = run_peers.dicompyler(structures, dose)
    elif tool == "plastimatch":
        found, seconds = run_peers.plm_auto(structures, dose, images, f"{scratch}/plm")
    else:
        found, seconds = run_peers.mask_dvh(structures, dose, 4)
print(json.dumps({"seconds": sum(seconds.values()), "rois": found}))
