//! Which product in which encoding a destination accepts.
//!
//! Units: none. Frame: none.

use crate::classes::{PRODUCT_CLASSES, class_of};
use crate::error::{DeliverError, DeliverErrorKind};
use crate::product::Product;
use crate::target::Target;
use rt_export::series::Syntax;
use rt_model::uid::Uid;
use rt_net::Support;

/// A product that is sent, and the encoding it is made in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProductChoice {
    /// The product that was asked for.
    pub wanted: Product,
    /// The product that the destination accepts: the same, or the next of the ladder.
    pub product: Product,
    /// The best encoding that it accepts.
    pub syntax: Syntax,
}

impl ProductChoice {
    /// That another product is sent, for people; `None` where it is the one that was asked for.
    #[must_use]
    pub fn in_words(&self) -> Option<String> {
        let Self { wanted, product, .. } = self;
        (product != wanted)
            .then(|| format!("the node does not take {}: {} instead", wanted.as_str(), product.as_str()))
    }
}

/// What a destination is asked about: the classes of the products in the syntaxes they can be made in.
pub(crate) fn pairs<D>(target: &Target<D>) -> Vec<(Uid, Uid)> {
    let syntaxes = [Syntax::Rle, Syntax::ExplicitLittle, Syntax::ImplicitLittle].map(Syntax::uid);
    let classes = PRODUCT_CLASSES.iter().filter_map(|(class, ..)| Uid::new(class));
    let syntaxes: Vec<Uid> =
        syntaxes.into_iter().filter(|syntax| target.offers(syntax)).filter_map(Uid::new).collect();
    classes
        .flat_map(|class| {
            syntaxes.iter().map(move |syntax| (class.clone(), syntax.clone())).collect::<Vec<_>>()
        })
        .collect()
}

/// Chooses the product and encoding that a destination accepts. Pictures fall back along the ladder wash,
/// multi-frame, PDF. Every other product is accepted as it is or not at all: a dose never becomes a picture,
/// nor a picture a dose. `pictures` is the encoding that is wanted for pictures.
///
/// ```
/// use rt_deliver::{Product, choose_encoding};
/// use rt_export::series::Syntax;
/// use rt_model::uid::Uid;
/// use rt_net::Support;
///
/// let pages = Support {
///     sop_class: Uid::new("1.2.840.10008.5.1.4.1.1.104.1").expect("a UID"),
///     transfer_syntax: Uid::new("1.2.840.10008.1.2").expect("a UID"),
///     accepted: true,
/// };
/// let chosen = choose_encoding(Product::Wash, std::slice::from_ref(&pages), Syntax::Rle)?;
/// assert_eq!((chosen.product, chosen.syntax), (Product::Pdf, Syntax::ImplicitLittle));
/// assert!(choose_encoding(Product::Quant, &[pages], Syntax::Rle).is_err());
/// # Ok::<(), rt_deliver::DeliverError>(())
/// ```
///
/// # Errors
/// [`DeliverErrorKind::NotTaken`].
pub fn choose_encoding(
    wanted: Product,
    support: &[Support],
    pictures: Syntax,
) -> Result<ProductChoice, DeliverError> {
    let ladder = [Product::Wash, Product::WashMultiframe, Product::Pdf];
    let start = ladder.iter().position(|product| *product == wanted);
    let steps = start.map_or(std::slice::from_ref(&wanted), |start| &ladder[start..]);
    for product in steps {
        if let Some(syntax) = best(*product, support, pictures) {
            return Ok(ProductChoice { wanted, product: *product, syntax });
        }
    }
    let text = format!(
        "the node takes {} in no encoding: ask the PACS administrator to accept its SOP class",
        wanted.as_str()
    );
    Err(DeliverError::new(DeliverErrorKind::NotTaken(wanted), "", text))
}

/// The best encoding in which a product is accepted; pictures are compressed where `pictures` asks for it.
fn best(product: Product, support: &[Support], pictures: Syntax) -> Option<Syntax> {
    let class = class_of(product)?;
    let best: &[Syntax] = match product {
        Product::Wash | Product::WashMultiframe if pictures == Syntax::Rle => {
            &[Syntax::Rle, Syntax::ExplicitLittle, Syntax::ImplicitLittle]
        }
        // Long contours do not fit the 16-bit lengths of explicit VR.
        Product::Isodose => &[Syntax::ImplicitLittle],
        _ => &[Syntax::ExplicitLittle, Syntax::ImplicitLittle],
    };
    let accepted = |syntax: &&Syntax| {
        support.iter().any(|one| {
            one.accepted && one.sop_class.as_str() == class && one.transfer_syntax.as_str() == syntax.uid()
        })
    };
    best.iter().find(accepted).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn support(accepted: &[(Product, Syntax)]) -> Vec<Support> {
        let one = |(product, syntax): &(Product, Syntax)| Support {
            sop_class: Uid::new(class_of(*product).unwrap()).unwrap(),
            transfer_syntax: Uid::new(syntax.uid()).unwrap(),
            accepted: true,
        };
        accepted.iter().map(one).collect()
    }

    fn chosen(wanted: Product, support: &[Support], pictures: Syntax) -> (Product, Syntax, Option<String>) {
        let chosen = choose_encoding(wanted, support, pictures).unwrap();
        (chosen.product, chosen.syntax, chosen.in_words())
    }

    #[test]
    fn pictures_fall_back_and_say_so() {
        let all = support(&[(Product::Wash, Syntax::ExplicitLittle), (Product::Wash, Syntax::Rle)]);
        assert_eq!(chosen(Product::Wash, &all, Syntax::Rle), (Product::Wash, Syntax::Rle, None));
        let plain = chosen(Product::Wash, &all, Syntax::ExplicitLittle);
        assert_eq!(plain, (Product::Wash, Syntax::ExplicitLittle, None), "as the user asked");
        let pdf = support(&[(Product::Pdf, Syntax::ImplicitLittle)]);
        let (product, syntax, text) = chosen(Product::Wash, &pdf, Syntax::Rle);
        assert_eq!((product, syntax), (Product::Pdf, Syntax::ImplicitLittle));
        assert!(text.is_some());
        assert!(choose_encoding(Product::Wash, &[], Syntax::Rle).is_err());
    }

    #[test]
    fn a_dose_never_becomes_a_picture() {
        let pictures = support(&[(Product::Wash, Syntax::Rle), (Product::Pdf, Syntax::ExplicitLittle)]);
        for product in [Product::Quant, Product::Isodose] {
            assert!(choose_encoding(product, &pictures, Syntax::Rle).is_err());
        }
        let dose = support(&[(Product::Quant, Syntax::ExplicitLittle)]);
        assert!(choose_encoding(Product::Wash, &dose, Syntax::Rle).is_err());
        let explicit = support(&[(Product::Isodose, Syntax::ExplicitLittle)]);
        assert!(
            choose_encoding(Product::Isodose, &explicit, Syntax::Rle).is_err(),
            "long contours are implicit VR"
        );
    }
}
