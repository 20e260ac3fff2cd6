//! What `push.sh` times: makes slices, finds a port, sends a folder.

use rt_model::encoded::EncodedInstance;
use rt_model::read::encoded_instance;
use rt_model::uid::Uid;
use rt_net::{AeTitle, Event, Item, Node, Outcome, SendOptions, Supply};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

struct Files(Vec<EncodedInstance>);

impl Supply for Files {
    fn instance(
        &self,
        index: usize,
        _: &Uid,
    ) -> Result<EncodedInstance, Box<dyn std::error::Error + Send + Sync>> {
        Ok(self.0[index].clone())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["make", folder, count] => make(Path::new(folder), count.parse()?),
        ["port"] => {
            println!("{}", std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port());
            Ok(())
        }
        ["send", port, folder] => send(port.parse()?, Path::new(folder)),
        _ => Err("expected make FOLDER COUNT, port, or send PORT FOLDER".into()),
    }
}

/// CT slices of 512 x 512 pixels, explicit VR little endian.
fn make(folder: &Path, count: usize) -> Result<(), Box<dyn std::error::Error>> {
    let planes = (0..count).map(|plane| plane as f64).collect();
    let image = rt_phantom::case::ImageSpec { planes, pixels: 512, ..Default::default() };
    let case = rt_phantom::case::CaseBuilder::new("push")
        .encoding(rt_phantom::Encoding::of(rt_phantom::TransferSyntax::ExplicitLittle))
        .image(Some(image))
        .build()?;
    std::fs::create_dir_all(folder)?;
    for (number, file) in case.files_of(rt_phantom::case::Role::Image).enumerate() {
        std::fs::write(folder.join(format!("{number}.dcm")), file.bytes())?;
    }
    Ok(())
}

fn send(port: u16, folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let mut instances = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        instances.push(encoded_instance(&entry?.path())?);
    }
    let items = instances.iter().map(|instance| Item {
        sop_class: instance.sop_class.clone(),
        sop_instance: instance.sop_instance.clone(),
        transfer_syntaxes: vec![instance.transfer_syntax.clone()],
        series: None,
    });
    let (items, all) = (items.collect(), instances.len());
    let title = |text| AeTitle::new(text).ok_or("no title");
    let node = Node::new(title("SCP")?, "127.0.0.1", port, title("DOSEBRIDGE")?);
    let mut taken = 0;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let options = SendOptions::default();
    let sending = rt_net::send(&node, items, Arc::new(Files(instances)), &options, |event| {
        if let Event::Done { outcome: Outcome::Taken, .. } = event {
            taken += 1;
        }
        ControlFlow::Continue(())
    });
    let report = runtime.block_on(sending);
    if taken != all {
        return Err(
            format!("expected {all} instances to be taken, found {taken}: {:?}", report.stopped).into()
        );
    }
    Ok(())
}
