//! Draws against enumeration, on models small enough to list everything that they can write.

mod ahead;
mod drawn;
mod messages;
mod paced;
mod pinned;
mod sought;
mod table;
