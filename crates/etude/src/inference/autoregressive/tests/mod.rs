//! Draws against enumeration, on models small enough to list everything that they can write.

mod drawn;
mod table;
