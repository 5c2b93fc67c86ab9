//! What a set of open locations saves when no location's room is tight: each line takes its best units, on its own.

use alloc::vec::Vec;

use super::net::{Net, Offer};
use super::num::{Int, Meter, ZERO};

/// The lines as served by a set of locations.
#[derive(Debug, Default)]
pub(super) struct Fill {
    lines: Vec<Served>,
    /// What the set saves, its open costs paid.
    pub(super) saved: Int,
}

#[derive(Debug, Default)]
struct Served {
    /// Who serves it, best first, with the units it ships; [`Offer::of`] is the location.
    by: Vec<Offer>,
    /// Units that nobody ships.
    left: Int,
}

impl Fill {
    /// Serves the lines from these locations, as well as can be.
    pub(super) fn open(&mut self, net: &Net, sites: impl Iterator<Item = u32>, meter: &mut Meter) {
        self.lines.resize_with(net.lines.len(), Served::default);
        self.lines.iter_mut().for_each(|line| line.by.clear());
        self.saved = ZERO;
        for number in sites {
            let site = net.site(number);
            self.saved -= site.cost;
            meter.scan(net.offers_of(&site).len());
            for offer in net.offers_of(&site) {
                let Some(line) = self.lines.get_mut(offer.of as usize) else { continue };
                let place = line.by.partition_point(|other| other.save >= offer.save);
                line.by.insert(place, Offer { of: number, ..*offer });
            }
        }
        for (line, need) in self.lines.iter_mut().zip(&net.lines) {
            line.left = need.demand;
            let mut full = 0_usize;
            for offer in &mut line.by {
                offer.cap = offer.cap.min(line.left);
                if offer.cap == ZERO {
                    break;
                }
                line.left -= offer.cap;
                self.saved += offer.save * offer.cap;
                full = full.saturating_add(1);
            }
            line.by.truncate(full);
        }
    }

    /// What one more location would save, its open cost paid.
    pub(super) fn more(&self, net: &Net, number: u32, meter: &mut Meter) -> Int {
        let site = net.site(number);
        let offers = net.offers_of(&site);
        meter.scan(offers.len());
        let mut saved = ZERO - site.cost;
        for offer in offers {
            let Some(line) = self.lines.get(offer.of as usize) else { continue };
            let units = offer.cap.min(line.left);
            saved += offer.save * units;
            let mut rest = offer.cap - units;
            for other in line.by.iter().rev() {
                if rest == ZERO || other.save >= offer.save {
                    break;
                }
                let units = rest.min(other.cap);
                saved += (offer.save - other.save) * units;
                rest -= units;
            }
        }
        saved
    }

    /// `(line, location, units)` of what is shipped, locations by their place in the net.
    pub(super) fn flows(&self) -> impl Iterator<Item = (u32, u32, Int)> + '_ {
        (0..).zip(&self.lines).flat_map(|(line, served)| served.by.iter().map(move |by| (line, by.of, by.cap)))
    }
}
