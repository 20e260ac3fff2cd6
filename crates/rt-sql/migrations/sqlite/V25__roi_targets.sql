ALTER TABLE RoiDetails ADD COLUMN TargetROINumbers mediumtext;
ALTER TABLE RoiDetails ADD COLUMN TargetDistanceMin_mm double;
ALTER TABLE RoiDetails ADD COLUMN TargetDistanceMean_mm double;
ALTER TABLE RoiDetails ADD COLUMN TargetDistanceMax_mm double;
ALTER TABLE RoiDetails ADD COLUMN TargetOverlap_cm3 double;
ALTER TABLE RoiDetails ADD COLUMN TargetReason mediumtext;
