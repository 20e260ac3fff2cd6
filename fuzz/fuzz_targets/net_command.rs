//! Any bytes as a command set and as one of our own data sets: no panic, and what is read is written and read
//! again alike.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rt_net::data_set::DataSet;
use rt_net::message::Command;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(command) = Command::decode(bytes) {
        assert_eq!(Command::decode(&command.encode()).unwrap(), command);
    }
    if let Ok(data_set) = DataSet::decode(bytes) {
        drop(DataSet::decode(&data_set.encode()));
    }
});
