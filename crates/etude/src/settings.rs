//! Settings by name, as a person writes them in `--set NAME=VALUE` or a recipe.

use crate::catalogue::Setting;
use crate::error::{Error, Result};
use crate::model::Settings;
use std::str::FromStr;

/// Refuses names that aren't known.
///
/// # Errors
///
/// The first unknown name, with those that are known.
pub fn check(settings: &Settings, known: &[Setting]) -> Result<()> {
    match settings.keys().find(|name| known.iter().all(|setting| setting.name != name.as_str())) {
        None => Ok(()),
        Some(name) => {
            let names: Vec<&str> = known.iter().map(|setting| setting.name).collect();
            Err(Error::usage(format!("no setting `{name}`"), format!("one of {}", names.join(", "))))
        }
    }
}

/// A value by name, or its default.
///
/// # Errors
///
/// A value that doesn't read, or that `fits` refuses; `range` says in words what fits.
pub fn get<T: FromStr>(
    settings: &Settings,
    name: &str,
    default: T,
    range: &str,
    fits: impl Fn(&T) -> bool,
) -> Result<T> {
    let Some(text) = settings.get(name) else { return Ok(default) };
    let wrong = || Error::usage(format!("`{name}={text}`"), format!("{name} is {range}"));
    text.trim().parse().ok().filter(fits).ok_or_else(wrong)
}

/// A list of whole numbers by name (`1,2,4`, or `-` for none), or its default.
///
/// # Errors
///
/// An entry that doesn't read or lies outside 1..=`most`.
pub fn list(settings: &Settings, name: &str, default: &[usize], most: usize) -> Result<Vec<usize>> {
    let Some(text) = settings.get(name) else { return Ok(default.to_vec()) };
    if text.trim() == "-" {
        return Ok(Vec::new());
    }
    let wrong =
        || Error::usage(format!("`{name}={text}`"), format!("numbers from 1 to {most} between commas"));
    let numbers = text.split(',').map(|n| n.trim().parse().ok().filter(|n| (1..=most).contains(n)));
    let mut numbers: Vec<usize> = numbers.collect::<Option<_>>().ok_or_else(wrong)?;
    numbers.sort_unstable();
    numbers.dedup();
    Ok(numbers)
}

/// A list as [`list`] reads it.
pub fn show(list: &[usize]) -> String {
    if list.is_empty() {
        return "-".to_owned();
    }
    list.iter().map(usize::to_string).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, value: &str) -> Settings {
        Settings::from([(name.to_owned(), value.to_owned())])
    }

    #[test]
    fn values_are_read_or_refused_with_their_range() {
        let read =
            |value: &str| get(&of("l1", value), "l1", 0.5, "a number of at least 0", |x: &f64| *x >= 0.0);
        assert_eq!(read("0.25").expect("a number"), 0.25);
        assert_eq!(
            read("-1").expect_err("negative").to_string(),
            "`l1=-1`; hint: l1 is a number of at least 0"
        );
        assert_eq!(get(&Settings::new(), "l1", 0.5, "", |_: &f64| true).expect("the default"), 0.5);
    }

    #[test]
    fn lists_there_and_back() {
        assert_eq!(list(&of("k", "4, 1,2"), "k", &[], 16).expect("a list"), [1, 2, 4]);
        assert_eq!(show(&[1, 2, 4]), "1,2,4");
        assert_eq!(list(&of("k", &show(&[])), "k", &[3], 16).expect("a list"), [0usize; 0]);
        assert!(list(&of("k", "0"), "k", &[], 16).is_err());
    }
}
