ALTER TABLE RoiDetails
    ADD COLUMN /*M!100200 IF NOT EXISTS */ TargetROINumbers mediumtext,
    ADD COLUMN /*M!100200 IF NOT EXISTS */ TargetDistanceMin_mm double,
    ADD COLUMN /*M!100200 IF NOT EXISTS */ TargetDistanceMean_mm double,
    ADD COLUMN /*M!100200 IF NOT EXISTS */ TargetDistanceMax_mm double,
    ADD COLUMN /*M!100200 IF NOT EXISTS */ TargetOverlap_cm3 double,
    ADD COLUMN /*M!100200 IF NOT EXISTS */ TargetReason mediumtext;
