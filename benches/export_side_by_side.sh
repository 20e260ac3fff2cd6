#!/usr/bin/env bash
# A dose on its image series, by rt-push and by plastimatch, one after the other on the same files.
#
#     benches/export_side_by_side.sh CASE RTDOSE IMAGES [RUNS]
#
# CASE: folder with the whole case; RTDOSE: its dose file; IMAGES: folder of its image series. plastimatch (Debian package of that name)
# takes three steps: the images to a volume, the dose to a volume, that volume on the images' grid to DICOM. Prints wall seconds of each run and, with
# GNU time at hand, the peak memory of rt-push.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
case=$1 dose=$2 images=$3 runs=${4:-3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo build --release --bin rt-push
rt_push=${CARGO_TARGET_DIR:-target}/release/rt-push

timed() {
    local name=$1 begin end
    shift
    begin=$(date +%s.%N)
    "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
    end=$(date +%s.%N)
    awk -v name="$name" -v a="$begin" -v b="$end" 'BEGIN { printf "%-44s %7.3f s\n", name, b - a }'
}

by_plastimatch() {
    plastimatch convert --input "$images" --output-img "$work/images.nrrd" &&
        plastimatch convert --input "$dose" --output-dose-img "$work/dose.nrrd" &&
        plastimatch convert --input "$work/dose.nrrd" --fixed "$work/images.nrrd" --modality CT --output-dicom "$work/plastimatch"
}

by_rt_push() {
    rm -rf "$work/out"
    "$rt_push" export "$case" --out "$work/out" --allow-unapproved "$@"
}

for _ in $(seq "$runs"); do
    timed "rt-push, dose series" by_rt_push --product quant
    rm -rf "$work/plastimatch"
    timed "plastimatch, three steps" by_plastimatch
done
for _ in $(seq "$runs"); do
    timed "rt-push, pictures of all slices" by_rt_push --product wash --all-slices
done
if [[ -x /usr/bin/time ]]; then
    for product in quant wash wash-multiframe; do
        rm -rf "$work/out"
        /usr/bin/time -f "$product: peak %M KiB" "$rt_push" export "$case" --out "$work/out" --allow-unapproved --all-slices \
            --product "$product" 2>&1 >/dev/null | grep peak
    done
fi
