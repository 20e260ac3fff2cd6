//! Any bytes as a dose, refused where it is unclear and read as the user says: no panic, no endless loop, no
//! allocation beyond what the bytes can hold, and no voxel that is not finite.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rt_model::read::{AssumeOffsets, ReadOptions, read_dose_from_bytes};
use rt_model::units::Gy;
use std::path::Path;

fuzz_target!(|bytes: &[u8]| {
    let lenient = ReadOptions {
        assume_offsets: Some(AssumeOffsets::Relative),
        assume_spacing: true,
        relative_dose_reference: Some(Gy(2.0)),
    };
    for options in [ReadOptions::default(), lenient] {
        if let Ok(parsed) = read_dose_from_bytes(bytes, Path::new("fuzz.dcm"), &options)
            && let Some(grid) = parsed.value.grid
        {
            assert!(grid.voxels().iter().all(|dose| dose.is_finite()));
            assert_eq!(grid.voxels().len(), grid.geometry().voxel_count());
        }
    }
});
